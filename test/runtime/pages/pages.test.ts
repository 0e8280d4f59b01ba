import { createHash } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import * as pages from '../../../runtime/pages/index.ts'

const requestId = '01JD4Z7Q8K3M5N6P7R8S9T0V1W'

/** Every page, with one and the same text wherever a text may stand. */
const made: Record<string, (text: string) => string> = {
  signIn: (text) =>
    pages.signInPage({
      brandName: text,
      destination: text,
      notice: text,
      providers: [{ id: text, buttonText: text, href: '/sign-in' }],
    }),
  denied: (text) =>
    pages.deniedPage({
      brandName: text,
      person: text,
      destination: text,
      needs: text,
      switchHref: '/a',
      signOutHref: '/b',
      requestId: text,
    }),
  signOut: (text) => pages.signOutPage({ brandName: text, person: text, action: '/sign-out' }),
  signOutOfApp: (text) => pages.signOutPage({ brandName: text, person: text, app: text, action: '/sign-out' }),
  signedOut: (text) =>
    pages.signedOutPage({
      brandName: text,
      ended: [text, text],
      app: text,
      remaining: [{ what: text, why: text }],
      signInHref: '/sign-in',
      signOutHref: '/sign-out',
    }),
  resume: (text) =>
    pages.resumePage({
      brandName: text,
      host: text,
      target: '/a?b',
      fields: [
        ['a', text],
        ['b', text],
      ],
    }),
  error: (text) =>
    pages.errorPage({
      brandName: text,
      title: text,
      message: text,
      causes: [text, text],
      requestId: text,
      action: { href: '/', label: text },
    }),
  home: (text) => pages.homePage({ brandName: text, person: text, signOutHref: '/sign-out' }),
}

/** The tags of a page in order, with what they carry; a hidden field carries the text itself. */
function tags(page: string): string[] {
  return page.replaceAll(/(?<=<input type="hidden" name="\w") value="[^"<>]*"/g, '').match(/<[^>]*>/g) ?? []
}

describe.each(Object.entries(made))('%s page', (_name, make) => {
  test('has the same tags whatever the text is', () => {
    const expected = tags(make('text'))
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom('<script>', '"><img src=x>', "'", '&lt;', '</style><b>', '</title>', '${x}', '\u202e'),
    )
    fc.assert(
      fc.property(hostile, (text) => {
        expect(tags(make(text))).toEqual(expected)
      }),
      { seed: 20_260_801, numRuns: 300 },
    )
  })

  test('is a document with one heading, one main part, a language and no script', () => {
    const page = make('text')
    expect(page.match(/<h1[ >]/g)).toHaveLength(1)
    expect(page.match(/<main>/g)).toHaveLength(1)
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(page).not.toMatch(/<script|javascript:| on[a-z]+=| style=/i)
  })

  test('carries exactly the stylesheet that the policy allows', () => {
    const styles = [...make('text').matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => match[1] ?? '')
    expect(styles).toHaveLength(1)
    const digest = createHash('sha256')
      .update(styles[0] ?? '')
      .digest('base64')
    expect(pages.pageHeaders()['content-security-policy']).toContain(`style-src 'sha256-${digest}';`)
  })
})

describe('denied page', () => {
  test('says who is there, what the app asks for, and what to do', () => {
    const page = pages.deniedPage({
      brandName: 'Acme',
      person: 'bob@acme.example',
      destination: 'grafana.acme.example',
      needs: 'people in staff',
      switchHref: '/sign-in?prompt=login&to=x',
      requestId,
    })
    const text = page.replace(/<style>[\s\S]*<\/style>/, '').replace(/<[^>]*>/g, '')
    expect(text).toContain('Signed in as bob@acme.example. This app asks for people in staff.')
    expect(text).toContain('Sign in as someone else')
    expect(text).toContain(requestId)
    expect(text).not.toContain('Sign out')
    expect(page).toContain('href="/sign-in?prompt=login&amp;to=x"')
  })
})

describe('sign-in page', () => {
  test('offers each provider as a link, so that no form policy stands between it and the provider', () => {
    const providers = ['a', 'b'].map((id) => ({ id, buttonText: `With ${id}`, href: `/sign-in/${id}` }))
    const page = pages.signInPage({ brandName: 'Acme', providers })
    expect(page.match(/<a class="button" href="\/sign-in\/[ab]">With [ab]<\/a>/g)).toHaveLength(2)
    expect(page).not.toMatch(/<form|to continue to/)
  })

  test('says so when there is no provider', () => {
    expect(pages.signInPage({ brandName: 'Acme', providers: [] })).toContain('No way to sign in is set up here')
  })
})

describe('resume page', () => {
  const options = { brandName: 'Acme', host: 'hello.acme.example', target: '/orders/7?draft=1' }
  const visible = (page: string) => page.replace(/<style>[\s\S]*<\/style>/, '').replace(/<[^>]*>/g, ' ')

  test('shows where a form goes and its fields by name, and never a value', () => {
    const page = pages.resumePage({
      ...options,
      fields: [
        ['item', 'first "value"'],
        ['item', 'second'],
        ['password', 'hunter2'],
      ],
    })
    expect(visible(page)).toMatch(/hello\.acme\.example\s+\/orders\/7/)
    expect(visible(page)).not.toMatch(/hunter2|second|first/)
    expect([...page.matchAll(/<li><bdi>(\w+)/g)].map(([, name]) => name)).toEqual(['item', 'password'])
    expect(page).toContain('<form method="post" action="/orders/7?draft=1">')
    expect(page.match(/<input type="hidden" name="item"/g)).toHaveLength(2)
    expect(page).toContain('<input type="hidden" name="item" value="first &quot;value&quot;">')
  })

  test('sends nothing by itself: it has a button and no script', () => {
    const page = pages.resumePage({ ...options, fields: [['a', '1']] })
    expect(page).not.toMatch(/<script|http-equiv|autofocus| on\w+=/i)
    expect(page.match(/<button[^>]*type="submit"/g)).toHaveLength(1)
  })

  test('names a dozen fields of a long form and says how many more there are', () => {
    const fields = Array.from({ length: 40 }, (_, index) => [`field-${index}`, ''] as const)
    const page = pages.resumePage({ ...options, fields })
    expect(page.match(/<li><bdi>/g)).toHaveLength(13)
    expect(visible(page)).toContain('and 28 more')
    expect(page.match(/<input type="hidden"/g)).toHaveLength(40)
  })
})

describe('sign-out page', () => {
  test('asks at an app how much is to end, and at the login host not', () => {
    const options = { brandName: 'Acme', action: '/.gatewright/sign-out' }
    const atApp = pages.signOutPage({ ...options, app: 'hello.acme.example' })
    expect([...atApp.matchAll(/name="scope" value="(\w+)"/g)].map(([, value]) => value)).toEqual(['everything', 'app'])
    expect(pages.signOutPage(options)).not.toContain('scope')
  })
})

describe('signed-out page', () => {
  test('says what goes on only where something does', () => {
    const options = { brandName: 'Acme', ended: ['Your session at Acme'] }
    expect(pages.signedOutPage(options)).not.toContain('What goes on')
    const page = pages.signedOutPage({
      ...options,
      remaining: [{ what: 'Your session at Okta', why: 'It did not answer.' }],
      signOutHref: '/sign-out',
    })
    expect(page).toMatch(/What goes on.*Your session at Okta.*It did not answer/s)
    expect(page).toContain('Sign out of everything')
  })
})

describe('address', () => {
  test.each(['/', '/a?b=c#d', 'https://acme.example/a', 'http://hello.gw.localhost:8400/'])('takes %s', (value) => {
    expect(pages.address(value)).toBe(value)
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'a',
    '',
  ])('throws on %j, on every page', (value) => {
    expect(() => pages.address(value)).toThrow(TypeError)
    expect(() => pages.signOutPage({ brandName: 'Acme', action: value })).toThrow(TypeError)
    const providers = [{ id: 'a', buttonText: 'a', href: value }]
    expect(() => pages.signInPage({ brandName: 'Acme', providers })).toThrow(TypeError)
  })
})

describe('pageHeaders', () => {
  test('allows nothing but the stylesheet and the icon', () => {
    expect(pages.pageHeaders()).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'$/,
      ),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
  })

  test('lets a page with a form send its Origin, and names where the form may lead', () => {
    const headers = pages.pageHeaders({ formAction: ["'self'", 'https://idp.example'] })
    expect(headers['content-security-policy']).toContain("form-action 'self' https://idp.example;")
    expect(headers['referrer-policy']).toBe('same-origin')
  })

  test('leaves open where a form to an app may lead in the end', () => {
    const headers = pages.pageHeaders({ formAction: 'anywhere' })
    expect(headers['content-security-policy']).not.toContain('form-action')
    expect(headers['content-security-policy']).toContain("default-src 'none'; style-src 'sha256-")
    expect(headers['referrer-policy']).toBe('same-origin')
  })
})
