import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { type Browser, createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { sendRaw, statusOf } from '../../support/raw.ts'
import { signIn } from '../../support/visitor.ts'
import { newcomer } from '../../support/openid-provider.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ provider: { claims: newcomer } })
})
afterAll(() => gateway.close())

/** Asks the app without a session, with these fields and no others. */
async function ask(fields: Record<string, string>, { method = 'GET', path = '/api?x=1' } = {}): Promise<string> {
  const lines = Object.entries({ Host: new URL(gateway.hello).host, Connection: 'close', ...fields })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return sendRaw(gateway.config.listen.port, `${method} ${path} HTTP/1.1\r\n${head}\r\n`)
}

const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8'

describe('without a session, a program is told 401 in JSON and nothing reaches the app:', () => {
  it.each<[string, Record<string, string>]>([
    ['fetch to another origin', { 'Sec-Fetch-Mode': 'cors', Accept: '*/*' }],
    ['fetch to its own', { 'Sec-Fetch-Mode': 'same-origin', Accept: '*/*' }],
    ['an image or script', { 'Sec-Fetch-Mode': 'no-cors', Accept: 'image/avif,*/*' }],
    ['a WebSocket that was no handshake', { 'Sec-Fetch-Mode': 'websocket' }],
    ['fetch that asks for HTML', { 'Sec-Fetch-Mode': 'cors', Accept: HTML }],
    ['XMLHttpRequest of an old browser', { Accept: HTML, 'X-Requested-With': 'XMLHttpRequest' }],
    ['a client of an API', { Accept: 'application/json' }],
    ['a client that takes anything', { Accept: '*/*' }],
    ['a client that says nothing', {}],
    ['an upload of a script', { 'Sec-Fetch-Mode': 'cors', Origin: 'http://hello.gw.localhost' }],
  ])('%s', async (_, fields) => {
    const before = gateway.upstreamRequests.length
    for (const method of ['GET', 'DELETE', 'OPTIONS']) {
      const answer = await ask(fields, { method })
      expect(statusOf(answer)).toBe(401)
      expect(answer).toMatch(/\r\ncontent-type: application\/json/i)
      expect(answer).toMatch(/\r\nwww-authenticate: Gatewright\r\n/i)
      expect(answer).toMatch(/\r\ncache-control: no-store/i)
      expect(answer).not.toMatch(/\r\n(?:location|set-cookie|access-control-allow-origin):/i)
      const { error, requestId } = JSON.parse(/\{.*\}/s.exec(answer)?.[0] ?? '{}') as Record<string, string>
      expect(error).toBe('sign_in_required')
      expect(gateway.log()).toContain(requestId)
    }
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it('a preflight, which browsers send without cookies', async () => {
    const fields = { Origin: 'https://other.example', 'Access-Control-Request-Method': 'PUT', 'Sec-Fetch-Mode': 'cors' }
    expect(statusOf(await ask(fields, { method: 'OPTIONS' }))).toBe(401)
  })
})

describe('without a session, a page that is opened is sent to sign in:', () => {
  it.each<[string, Record<string, string>]>([
    ['by a browser', { 'Sec-Fetch-Mode': 'navigate', Accept: HTML }],
    ['by a browser whatever it accepts', { 'Sec-Fetch-Mode': 'navigate' }],
    ['by an old browser', { Accept: HTML }],
  ])('%s', async (_, fields) => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(fields, { method })
      expect(statusOf(answer)).toBe(302)
      expect(answer).toContain(`${gateway.login}/sign-in?request=`)
      expect(answer).toMatch(/\r\nset-cookie: __Host-gatewright-binding-/i)
    }
  })
})

describe('the sign-in page tells who was here before why they are asked again:', () => {
  const openWith = (browser: Browser, path = '/sign-in') => browser.open(gateway.login + path, { redirects: 0 })

  it('their session has ended', async () => {
    const browser = createBrowser()
    expect((await openWith(browser)).text).not.toContain('role="status"')
    await browser.jar.setCookie('__Host-gatewright-session=over; Path=/; Secure', gateway.login)
    expect((await openWith(browser)).text).toContain('Your session has ended')
    expect((await openWith(browser, '/sign-in?switch=1')).text).not.toContain('role="status"')
  })

  it('their account is none that the app takes', async () => {
    const picky = await startTestGateway({ config: acceptOther })
    try {
      const { browser } = await signIn(picky)
      const page = await browser.open(`${picky.admin}/`)
      expect(page.text).toContain('this app takes other accounts')
      expect(page.text).toContain('href="/sign-in/other?')
      expect(page.text).not.toContain('href="/sign-in/acme?')
    } finally {
      await picky.close()
    }
  })
})

/** A second provider, which is the only one at the route `admin`. */
function acceptOther({ identityProviders, brands, registrations, routes }: RuntimeConfig): void {
  const { acme } = identityProviders
  const { default: brand } = brands
  const { admin } = routes
  if (!acme || !brand || !admin) throw new Error('the base configuration has changed')
  identityProviders['other'] = { ...acme, name: 'Other' }
  registrations['other'] = [{ name: 'first', clientId: 'other-client' }]
  brand.identityProviders = ['acme', 'other']
  admin.identityProviders = ['other']
}

describe('every failure of a sign-in', () => {
  /** What a person sees: what is the matter, what to do, a number that stands in the log, and a way on. */
  function expectHelpful(page: { status: number; text: string }, status: number, title: string, way: RegExp): void {
    expect(page.status).toBe(status)
    expect(page.text).toContain(`<h1>${title}</h1>`)
    const requestId = /<code>([0-9a-f-]{36})<\/code>/.exec(page.text)?.[1] ?? 'none'
    expect(gateway.log()).toContain(`"requestId":"${requestId}"`)
    const ways = [...page.text.matchAll(/class="button primary" href="([^"]*)"/g)]
    expect(ways.map(([, href]) => href?.replaceAll('&amp;', '&'))).toEqual([expect.stringMatching(way)])
  }

  it('that waited too long leads back to the page of the app', async () => {
    const browser = createBrowser()
    const challenged = await browser.open(`${gateway.hello}/reports/7?tab=1`, { redirects: 0 })
    const address = new URL(challenged.headers.get('location') ?? '')
    const now = Date.now
    Date.now = () => now() + 11 * 60_000
    try {
      for (const path of ['/sign-in', '/sign-in/acme']) {
        const page = await browser.open(gateway.login + path + address.search)
        const way = new RegExp(`^${gateway.hello}/reports/7\\?tab=1$`)
        expectHelpful(page, 400, 'This sign-in is no longer under way', way)
      }
    } finally {
      Date.now = now
    }
  })

  it('whose request is not ours leads to the sign-in page', async () => {
    const page = await createBrowser().open(`${gateway.login}/sign-in?request=k1.AAAA`)
    expectHelpful(page, 400, 'This sign-in is no longer under way', /^\/sign-in$/)
  })

  it('by a provider that does not answer can be tried again for the same page', async () => {
    const down = await startTestGateway({ provider: { discovery: () => ({ issuer: 'http://evil.localhost' }) } })
    try {
      const browser = createBrowser()
      const challenged = await browser.open(`${down.hello}/reports`, { redirects: 0 })
      const { search } = new URL(challenged.headers.get('location') ?? '')
      const page = await browser.open(`${down.login}/sign-in/acme${search}`)
      expect(page.status).toBe(502)
      expect(page.text.replaceAll('&amp;', '&')).toContain(`href="/sign-in/acme${search}"`)
    } finally {
      await down.close()
    }
  })

  it('that was refused by the provider, or used before, leads to sign in for the same page', async () => {
    const browser = createBrowser()
    const challenged = await browser.open(`${gateway.hello}/reports`, { redirects: 0 })
    const { search } = new URL(challenged.headers.get('location') ?? '')
    gateway.provider.behaviour.answer = ({ state = '', iss = '' }) => [
      ['error', 'access_denied'],
      ['state', state],
      ['iss', iss],
    ]
    const refused = await browser.open(`${gateway.login}/sign-in/acme${search}`)
    expectHelpful(refused, 403, 'You were not signed in', /^\/sign-in\?request=[^&]+&switch=1$/)
    const again = await browser.open(refused.url)
    expectHelpful(again, 400, 'This sign-in is no longer under way', /^\/sign-in\?request=[^&]+$/)
  })

  it('at a page that does not exist says so', async () => {
    const page = await createBrowser().open(`${gateway.login}/sign-in/other`)
    expect(page.status).toBe(404)
  })
})
