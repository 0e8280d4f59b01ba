import { createHash } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { LANGUAGES } from '../../../runtime/languages/index.ts'
import * as pages from '../../../runtime/pages/index.ts'

const requestId = '01JD4Z7Q8K3M5N6P7R8S9T0V1W'
const look = pages.plainLook('Acme')

/** A look with one and the same text wherever a text may stand. */
function lookWith(text: string): pages.Look {
  return {
    ...look,
    brandName: text,
    logoHref: '/logo/brand',
    links: [{ label: text, url: 'https://a.example/' }],
    here: '/?a=b',
  }
}

/** Every page, with one and the same text wherever a text may stand. */
const contents: Record<string, (look: pages.Look, text: string) => pages.PageContent> = {
  denied: (own, text) =>
    pages.deniedPage(own, {
      person: text,
      destination: text,
      needs: text,
      switchHref: '/a',
      signOutHref: '/b',
      requestId: text,
    }),
  signOut: (own, text) => pages.signOutPage(own, { person: text, action: '/sign-out' }),
  signOutOfApp: (own, text) => pages.signOutPage(own, { person: text, app: text, action: '/sign-out' }),
  signedOut: (own, text) =>
    pages.signedOutPage(own, {
      ended: [{ at: text }, { at: text, everywhere: true }],
      app: text,
      remaining: [{ at: text, because: 'not_offered' }],
      signInHref: '/sign-in',
      signOutHref: '/sign-out',
    }),
  resume: (own, text) =>
    pages.resumePage(own, {
      host: text,
      target: '/a?b',
      fields: [
        ['a', text],
        ['b', text],
      ],
    }),
  cli: (own, text) =>
    pages.cliPage(own, {
      destination: text,
      person: text,
      listener: text,
      minutes: 60,
      action: '/cli',
      fields: [['a', text]],
    }),
  error: (own, text) =>
    pages.errorPage(own, {
      title: text,
      message: text,
      causes: [text, text],
      details: [[text, text]],
      requestId: text,
      action: { href: '/', label: text },
    }),
  home: (own, text) => pages.homePage(own, { person: text, accountHref: '/account', signOutHref: '/sign-out' }),
}

const made = Object.entries(contents).flatMap(([name, make]) =>
  LANGUAGES.map((language) => {
    const document = (text: string): string => {
      const own = { ...lookWith(text), language }
      return pages.layout(own, make(own, text))
    }
    return [name, language, document] as const
  }),
)

/** What somebody reads. */
function visible(content: pages.PageContent): string {
  return content.body
    .toString()
    .replace(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

/** The tags of a page in order, with what they carry; a hidden field and a logo carry the text itself. */
function tags(page: string): string[] {
  return (
    page.replaceAll(/(?<=<input type="hidden" name="\w") value="[^"<>]*"| alt="[^"<>]*"/g, '').match(/<[^>]*>/g) ?? []
  )
}

describe.each(made)('%s page in %s', (_name, language, make) => {
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
      { seed: 20_260_801, numRuns: 40 },
    )
  })

  test('is a document with one heading, one main part, a language and no script', () => {
    const page = make('text')
    expect(page.match(/<h1[ >]/g)).toHaveLength(1)
    expect(page.match(/<main /g)).toHaveLength(1)
    expect(page.startsWith(`<!doctype html>\n<html lang="${language}">`)).toBe(true)
    expect(page).not.toMatch(/<script|javascript:| on[a-z]+=| style=/i)
  })

  test('carries exactly the stylesheet that the policy allows', () => {
    const styles = [...make('text').matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => match[1] ?? '')
    expect(styles).toHaveLength(1)
    const digest = createHash('sha256')
      .update(styles[0] ?? '')
      .digest('base64')
    expect(pages.pageHeaders(look)['content-security-policy']).toContain(`style-src 'sha256-${digest}';`)
  })
})

describe('denied page', () => {
  test('says who is there, what the app asks for, and what to do', () => {
    const page = pages.deniedPage(look, {
      person: 'bob@acme.example',
      destination: 'grafana.acme.example',
      needs: 'people in staff',
      switchHref: '/sign-in?prompt=login&to=x',
      requestId,
    })
    const text = visible(page)
    expect(text).toContain('Signed in as bob@acme.example . This app asks for people in staff .')
    expect(text).toContain('Sign in as someone else')
    expect(text).toContain(requestId)
    expect(text).not.toContain('Sign out')
    expect(page.body.toString()).toContain('href="/sign-in?prompt=login&amp;to=x"')
  })

  test('says that the rule’s words are English where the page is not', () => {
    const options = { person: 'bob', destination: 'a', needs: 'people in staff', switchHref: '/', requestId }
    const german = pages.deniedPage({ ...look, language: 'de' }, options)
    expect(german.body.toString()).toContain('<bdi lang="en">people in staff</bdi>')
    expect(pages.deniedPage(look, options).body.toString()).toContain('<bdi>people in staff</bdi>')
  })
})

describe('resume page', () => {
  const options = { host: 'hello.acme.example', target: '/orders/7?draft=1' }

  test('shows where a form goes and its fields by name, and never a value', () => {
    const content = pages.resumePage(look, {
      ...options,
      fields: [
        ['item', 'first "value"'],
        ['item', 'second'],
        ['password', 'hunter2'],
      ],
    })
    const page = content.body.toString()
    expect(visible(content)).toMatch(/hello\.acme\.example\s+\/orders\/7/)
    expect(visible(content)).not.toMatch(/hunter2|second|first/)
    expect([...page.matchAll(/<li><bdi>(\w+)/g)].map(([, name]) => name)).toEqual(['item', 'password'])
    expect(page).toContain('<form method="post" action="/orders/7?draft=1">')
    expect(page.match(/<input type="hidden" name="item"/g)).toHaveLength(2)
    expect(page).toContain('<input type="hidden" name="item" value="first &quot;value&quot;">')
  })

  test('sends nothing by itself: it has a button and no script', () => {
    const content = pages.resumePage(look, { ...options, fields: [['a', '1']] })
    expect(content.script).toBeUndefined()
    expect(pages.layout(look, content)).not.toMatch(/<script|http-equiv|autofocus| on\w+=/i)
    expect(content.body.toString().match(/<button[^>]*type="submit"/g)).toHaveLength(1)
  })

  test('names a dozen fields of a long form and says how many more there are', () => {
    const fields = Array.from({ length: 40 }, (_, index) => [`field-${index}`, ''] as const)
    const content = pages.resumePage(look, { ...options, fields })
    expect(content.body.toString().match(/<li><bdi>/g)).toHaveLength(13)
    expect(visible(content)).toContain('and 28 more')
    expect(content.body.toString().match(/<input type="hidden"/g)).toHaveLength(40)
  })
})

describe('sign-out page', () => {
  test('asks at an app how much is to end, and at the login host not', () => {
    const options = { action: '/.gatewright/sign-out' }
    const atApp = pages.signOutPage(look, { ...options, app: 'hello.acme.example' }).body.toString()
    expect([...atApp.matchAll(/name="scope" value="(\w+)"/g)].map(([, value]) => value)).toEqual(['everything', 'app'])
    expect(pages.signOutPage(look, options).body.toString()).not.toContain('scope')
  })
})

describe('signed-out page', () => {
  test('says what goes on only where something does', () => {
    const options = { ended: [{ at: 'Acme' }] }
    expect(visible(pages.signedOutPage(look, options))).not.toContain('What goes on')
    const page = pages.signedOutPage(look, {
      ...options,
      remaining: [{ at: 'Okta', because: 'unreachable' }],
      signOutHref: '/sign-out',
    })
    expect(visible(page)).toMatch(/What goes on.*Your session at Okta.*It did not answer/)
    expect(visible(page)).toContain('Sign out of everything')
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
    expect(() => pages.signOutPage(look, { action: value })).toThrow(TypeError)
  })
})

describe('pageHeaders', () => {
  test('allows nothing but the stylesheet, the icon and this host’s logos', () => {
    expect(pages.pageHeaders(look)).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'$/,
      ),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
  })

  test('lets a page with a form send its Origin, and names where the form may lead', () => {
    const headers = pages.pageHeaders(look, { formAction: ["'self'", 'https://idp.example'] })
    expect(headers['content-security-policy']).toContain("form-action 'self' https://idp.example;")
    expect(headers['referrer-policy']).toBe('same-origin')
  })

  test('leaves open where a form to an app may lead in the end', () => {
    const headers = pages.pageHeaders(look, { formAction: 'anywhere' })
    expect(headers['content-security-policy']).not.toContain('form-action')
    expect(headers['content-security-policy']).toContain("default-src 'none'; style-src 'sha256-")
    expect(headers['referrer-policy']).toBe('same-origin')
  })
})
