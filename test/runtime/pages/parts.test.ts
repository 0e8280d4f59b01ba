import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import * as pages from '../../../runtime/pages/index.ts'

const look = pages.plainLook('Acme')
const { markup } = pages
const password = { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' } as const

describe('a field', () => {
  it('has a label of its own, and says what is wrong and what may be written where screen readers look', () => {
    const made = pages.field(look, { ...password, hint: 'Twelve or more', problem: 'Too short' }).toString()
    expect(made).toContain('<label for="password">Password</label>')
    expect(made).toMatch(
      /<input [^>]*id="password"[^>]* aria-invalid="true" aria-describedby="password-problem password-hint"/,
    )
    expect(made).toContain('<p class="problem" id="password-problem">Too short</p>')
    expect(made).toContain('<p class="hint" id="password-hint">Twelve or more</p>')
    const plain = pages.field(look, password).toString()
    expect(plain).not.toMatch(/aria-/)
  })

  it('never gives a password back', () => {
    expect(pages.field(look, { ...password, value: 'hunter2' }).toString()).not.toContain('hunter2')
    const email = {
      name: 'email',
      label: 'Email',
      type: 'email',
      autocomplete: 'username',
      value: 'a@b.example',
    } as const
    expect(pages.field(look, email).toString()).toContain(' value="a@b.example"')
  })

  it('says when it may be left empty, in the language of the page', () => {
    const made = pages.field({ language: 'de' }, { ...password, required: false }).toString()
    expect(made).toContain('(optional)')
    expect(made).not.toContain(' required')
    expect(pages.field(look, password).toString()).toContain(' required')
  })
})

describe('a form', () => {
  it('posts, and only to a web address', () => {
    const body = pages.submit({ label: 'Go', says: { name: 'step', value: 'on' }, emphasis: 'primary' })
    expect(pages.form({ action: '/go', body, carries: [['a', '1']] }).toString()).toBe(
      '<form method="post" action="/go"><input type="hidden" name="a" value="1"><button class="button primary" type="submit" name="step" value="on">Go</button></form>',
    )
    expect(() => pages.form({ action: 'javascript:alert(1)', body })).toThrow(TypeError)
    expect(() =>
      pages.searchForm(look, { action: 'javascript:alert(1)', label: 'a', name: 'q', value: '', clearHref: '/' }),
    ).toThrow(TypeError)
  })

  it('that asks first has a way back that changes nothing', () => {
    const made = pages.confirmForm(look, {
      action: '/delete',
      question: 'Really?',
      confirm: 'Delete',
      cancelHref: '/back',
      risk: 'danger',
    })
    expect(made.toString()).toMatch(
      /<button class="button primary danger" type="submit">Delete<.*<a class="button" href="\/back">Cancel</,
    )
  })

  it('that searches offers to begin anew once something was searched for', () => {
    const options = { action: '/users', label: 'Name', name: 'q', clearHref: '/users' }
    expect(pages.searchForm(look, { ...options, value: '' }).toString()).not.toContain('Clear')
    expect(pages.searchForm(look, { ...options, value: 'a' }).toString()).toContain('href="/users">Clear')
  })
})

describe('a table', () => {
  const columns = [
    { label: 'Name' },
    { label: 'Sessions', kind: 'number' },
    { label: 'Ways', kind: 'actions' },
  ] as const

  it('names rows and columns, and each cell its column for narrow screens', () => {
    const rows = [[markup`alice`, markup`2`, markup`x`]]
    const made = pages.table({ caption: 'People', columns, rows, empty: 'Nobody' }).toString()
    expect(made.match(/<th scope="col"/g)).toHaveLength(3)
    expect(made).toContain('<th scope="row" role="rowheader" data-label="Name"><div>alice</div></th>')
    expect(made).toContain('<td role="cell" data-label="Sessions" class="number"><div>2</div></td>')
    expect(made).toContain('<td role="cell" class="ways"><div>x</div></td>')
  })

  it('without rows says so', () => {
    const made = pages.table({ caption: 'People', columns, rows: [], empty: 'Nobody' }).toString()
    expect(made).toBe('<p class="empty">Nobody</p>')
  })
})

describe('ways between pages', () => {
  it('say which page this is', () => {
    const items = ['a', 'b'].map((label) => ({ href: `/${label}`, label, current: label === 'b' }))
    expect(pages.navigation({ label: 'All', items }).toString()).toMatch(
      /href="\/a">a<.*href="\/b" aria-current="page">b</,
    )
  })

  it('end where the list does', () => {
    expect(pages.pagination(look, { olderHref: '/b' }).toString()).toMatch(/^(?!.*Newer).*href="\/b">Older/)
    expect(pages.pagination(look, { newerHref: '/a' }).toString()).toMatch(/^(?!.*Older).*href="\/a">Newer/)
  })
})

describe('a moment', () => {
  it('is told in the language of the page, and says that it is UTC', () => {
    const at = Date.UTC(2026, 10, 22, 19, 30)
    expect(pages.moment(look, at).toString()).toMatch(
      /^<time datetime="2026-11-22T19:30:00.000Z">Nov 22, 2026, 7:30\sPM UTC<\/time>$/,
    )
    expect(pages.moment({ language: 'de' }, at).toString()).toContain('22.11.2026, 19:30 UTC')
  })
})

describe('a value to copy', () => {
  it('can be read and selected without the script, which alone shows the button', () => {
    const made = pages.copyable(look, 'https://a.example/"', 'Callback URL').toString()
    expect(made).toContain('value="https://a.example/&quot;" aria-label="Callback URL" readonly>')
    expect(made).toMatch(/<button [^>]* hidden>Copy<\/button>/)
    expect(pages.COPY_SCRIPT).toContain('button.hidden = false')
  })
})

describe('every part', () => {
  const parts: Record<string, (text: string) => pages.Markup> = {
    field: (text) =>
      pages.field(look, {
        name: 'a',
        label: text,
        type: 'text',
        autocomplete: text,
        value: text,
        hint: text,
        problem: text,
      }),
    select: (text) => pages.select({ name: 'a', label: text, value: 'b', choices: [{ value: text, label: text }] }),
    checkbox: (text) => pages.checkbox({ name: 'a', label: text, value: text }),
    form: (text) => pages.form({ action: '/', body: pages.submit({ label: text }), carries: [[text, text]] }),
    search: (text) =>
      pages.searchForm(look, { action: '/', label: text, name: 'q', value: `a${text}`, clearHref: '/' }),
    confirm: (text) => pages.confirmForm(look, { action: '/', question: text, confirm: text, cancelHref: '/' }),
    table: (text) => pages.table({ caption: text, columns: [{ label: text }], rows: [[markup`${text}`]], empty: text }),
    navigation: (text) =>
      pages.navigation({ label: text, items: [{ href: '/', label: text, current: true }], person: text }),
    notice: (text) => markup`${pages.notice(text)}${pages.divider(text)}${pages.section(text, markup``)}`,
    copyable: (text) => pages.copyable(look, text, text),
    others: (text) =>
      markup`${pages.badge(text)}${pages.chips([text])}${pages.facts([[text, text]])}${pages.strong(text)}`,
  }

  it.each(Object.entries(parts))('%s is the same tags whatever the text is', (_name, make) => {
    const shape = (made: pages.Markup): string =>
      made
        .toString()
        .replaceAll(/="[^"]*"/g, '')
        .replaceAll(/>[^<]*/g, '>')
    const expected = shape(make('text'))
    const hostile = fc.oneof(fc.string(), fc.constantFrom('"><script>', "' onfocus=x ", '</div>', '&quot;', '${x}'))
    fc.assert(
      fc.property(hostile, (text) => {
        expect(shape(make(text))).toBe(expected)
      }),
      { seed: 20_261_122, numRuns: 100 },
    )
  })
})
