import { createHash } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { LANGUAGES } from '../../../runtime/languages/index.ts'
import {
  layout,
  logoResponse,
  lookOf,
  type LookRequest,
  markup,
  page,
  plainLook,
} from '../../../runtime/pages/index.ts'

const logo = { type: 'image/png' as const, data: Buffer.from('a picture').toString('base64') }
const brand = { name: 'Acme', url: 'https://login.acme.example', logo, links: [] }
const body = markup`<h1>Title</h1>`

function asked(path: string, headers: Record<string, string> = {}, method = 'GET'): LookRequest {
  return { url: `https://login.acme.example${path}`, headers: new Headers(headers), method }
}

describe('the language of a page', () => {
  it.each([
    ['/sign-in', {}, 'en'],
    ['/sign-in', { 'accept-language': 'sv, de-AT;q=0.9, en;q=0.8' }, 'de'],
    ['/sign-in', { 'accept-language': 'de', cookie: 'a=b; __Host-gatewright-language=ja' }, 'ja'],
    ['/sign-in', { 'accept-language': 'de', cookie: '__Host-gatewright-language=klingon' }, 'de'],
    ['/sign-in', { 'accept-language': 'de', cookie: 'x__Host-gatewright-language=ja' }, 'de'],
    ['/sign-in?lang=fr', { cookie: '__Host-gatewright-language=ja' }, 'fr'],
    ['/sign-in?lang=xx', { cookie: '__Host-gatewright-language=ja' }, 'ja'],
  ])('of %s with %j is %s', (path, headers, language) => {
    expect(lookOf(brand, asked(path, headers as Record<string, string>)).look.language).toBe(language)
  })

  it('is kept when it was chosen, and only then', () => {
    expect(lookOf(brand, asked('/sign-in?lang=fr')).setCookies).toEqual([
      '__Host-gatewright-language=fr; Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Lax',
    ])
    expect(lookOf(brand, asked('/sign-in?lang=fr; Domain=x')).setCookies).toEqual([])
    expect(lookOf(brand, asked('/sign-in', { 'accept-language': 'fr' })).setCookies).toEqual([])
  })

  it('can be chosen by links that keep the query', () => {
    const { look } = lookOf(brand, asked('/sign-in?request=a%2Bb&lang=de&switch=1'))
    expect(look.here).toBe('/sign-in?request=a%2Bb&switch=1')
    const document = layout(look, { title: 'Title', body })
    for (const language of LANGUAGES) {
      expect(document).toContain(`href="/sign-in?request=a%2Bb&amp;switch=1&amp;lang=${language}" lang="${language}"`)
    }
    expect(document.match(/aria-current="true"/g)).toHaveLength(1)
  })

  it('cannot be chosen where the address is an app’s or the page answers a form', () => {
    const app = { url: 'https://hello.acme.example/orders?lang=fr', headers: new Headers() }
    expect(lookOf(brand, app)).toMatchObject({ setCookies: [], look: { language: 'en', here: undefined } })
    expect(lookOf(brand, asked('/sign-in', {}, 'POST')).look.here).toBeUndefined()
    const own = { url: 'https://hello.acme.example/.gatewright/sign-out?lang=fr', headers: new Headers() }
    expect(lookOf(brand, own).look).toMatchObject({ language: 'fr', here: '/.gatewright/sign-out' })
  })
})

describe('the look of a brand', () => {
  it('has its logo from the host that the page is at', () => {
    expect(lookOf(brand, asked('/')).look.logoHref).toBe('/logo/brand')
    const app = { url: 'https://hello.acme.example/', headers: new Headers() }
    expect(lookOf(brand, app).look.logoHref).toBe('/.gatewright/logo/brand')
    expect(lookOf({ ...brand, logo: undefined }, app).look.logoHref).toBeUndefined()
    expect(layout(lookOf(brand, asked('/')).look, { title: 'Title', body })).toContain(
      '<img src="/logo/brand" alt="Acme">',
    )
  })

  it('has no brand where no site was found', () => {
    expect(lookOf(undefined, asked('/?lang=de')).look).toEqual({ brandName: 'Gatewright', language: 'en', links: [] })
  })

  it('allows by digest just the stylesheet in its colours', async () => {
    const policies = [undefined, { light: '#0b7a4b', dark: '#6fdca8' }, { light: '#7a0b4b', dark: '#f7b6dc' }].map(
      async (colors) => {
        const answer = page({ ...plainLook('Acme'), colors }, { title: 'Title', body })
        const style = /<style>([\s\S]*?)<\/style>/.exec(await answer.text())?.[1] ?? ''
        expect(style).toContain(`--accent: ${colors?.light ?? '#3a4fd0'}`)
        const digest = createHash('sha256').update(style).digest('base64')
        expect(answer.headers.get('content-security-policy')).toContain(`style-src 'sha256-${digest}';`)
        return digest
      },
    )
    expect(new Set(await Promise.all(policies)).size).toBe(3)
  })

  it('refuses links that lead to a script', () => {
    const look = { ...plainLook('Acme'), links: [{ label: 'x', url: 'javascript:alert(1)' }] }
    expect(() => page(look, { title: 'Title', body })).toThrow(TypeError)
  })
})

describe('the script of a page', () => {
  it('is allowed by its digest, and no other', async () => {
    const script = 'document.title = "<b>"'
    const answer = page(plainLook('Acme'), { title: 'Title', body, script })
    const digest = createHash('sha256').update(script).digest('base64')
    expect(answer.headers.get('content-security-policy')).toContain(`script-src 'sha256-${digest}';`)
    expect(await answer.text()).toContain(`<script>${script}</script>`)
    const none = page(plainLook('Acme'), { title: 'Title', body })
    expect(none.headers.get('content-security-policy')).not.toContain('script-src')
  })

  it.each(['a</script>', 'a</SCRIPT ', '<!-- a', '<script'])('is refused with %s in it', (script) => {
    expect(() => page(plainLook('Acme'), { title: 'Title', body, script })).toThrow(TypeError)
  })
})

describe('the answer with a page', () => {
  it('has its status, its cookies one by one, and fields of its own', () => {
    const answer = page(
      plainLook('Acme'),
      { title: 'Title', body },
      { status: 403, setCookies: ['a=b', 'c=d'], headers: { 'retry-after': '17' } },
    )
    expect(answer.status).toBe(403)
    expect(answer.headers.getSetCookie()).toEqual(['a=b', 'c=d'])
    expect(answer.headers.get('retry-after')).toBe('17')
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  })
})

describe('a logo', () => {
  it('is served as what it is, and as a document that can do nothing', async () => {
    const answer = logoResponse(logo)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'; /)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answer.text()).toBe('a picture')
  })

  it('is not sent again to who has it', async () => {
    const etag = logoResponse(logo).headers.get('etag') ?? ''
    const again = (tags: string): Response => logoResponse(logo, { headers: new Headers({ 'if-none-match': tags }) })
    expect(again(etag).status).toBe(304)
    expect(again(`"other", W/${etag}`).status).toBe(304)
    expect(again('"other"').status).toBe(200)
    const other = logoResponse({ ...logo, data: Buffer.from('another').toString('base64') })
    expect(other.headers.get('etag')).not.toBe(etag)
  })
})

describe('whatever is asked', () => {
  it('the chosen language is one of ours, and a cookie holds nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary-ascii' }), (lang, header) => {
        const url = new URL('https://login.acme.example/sign-in')
        url.searchParams.set('lang', lang)
        const headers = { get: (name: string) => (name === 'cookie' || name === 'accept-language' ? header : null) }
        const { look, setCookies } = lookOf(brand, { url: url.href, headers })
        expect(LANGUAGES).toContain(look.language)
        expect(setCookies.length).toBe((LANGUAGES as readonly string[]).includes(lang) ? 1 : 0)
      }),
      { seed: 20_261_122, numRuns: 300 },
    )
  })
})
