import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Browser, createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { comeBackFromProvider, linkTo, shown, signIn, submit } from '../../support/visitor.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({
    config: ({ identityProviders: { acme } }) => {
      if (acme) acme.responseMode = 'form_post'
    },
  })
})
afterAll(() => gateway.close())

/** As a page of the provider submits its form: only cookies that are for foreign sites come along (RFC 6265bis §5.8.3). */
async function post(browser: Browser, callback: string, change: (form: URLSearchParams) => void = () => undefined) {
  const url = new URL(callback)
  const form = new URLSearchParams(url.search)
  change(form)
  const cookie = await browser.jar.getCookieString(url.origin, { sameSiteContext: 'none' })
  const headers = {
    cookie,
    origin: gateway.provider.issuer,
    'sec-fetch-site': 'cross-site',
    'content-type': 'application/x-www-form-urlencoded',
  }
  return browser.open(url.origin + url.pathname, { method: 'POST', headers, body: form.toString() })
}

describe('a provider that answers by a form', () => {
  it('is asked to, and its form brings the person in', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/reports?x=1`)
    expect(gateway.provider.authorizationRequests.at(-1)?.get('response_mode')).toBe('form_post')
    expect(await post(browser, callback)).toMatchObject({ status: 200, text: 'app saw /reports?x=1' })
  })

  it('has a transaction cookie of its own, which is all that comes along', async () => {
    const browser = createBrowser()
    await signedIn(browser)
    await comeBackFromProvider(browser, `${gateway.login}/sign-in?switch=1`)
    const foreign = await browser.jar.getCookies(gateway.login, { sameSiteContext: 'none' })
    // The random part may have a dash of its own.
    expect(foreign.map(({ key }) => key)).toEqual([expect.stringMatching(/^__Host-gatewright-posted-sign-in-[\w-]+$/)])
    expect(foreign[0]).toMatchObject({ secure: true, httpOnly: true, sameSite: 'none', path: '/' })
    expect(String(foreign[0]?.value)).toMatch(/^k1\./)
  })

  it('ends the session that the browser had, though its cookie did not come along', async () => {
    const browser = createBrowser()
    await signedIn(browser)
    const old = createBrowser()
    for (const cookie of await browser.jar.getCookies(gateway.login)) {
      await old.jar.setCookie(cookie.toString(), gateway.login)
    }
    expect((await old.open(`${gateway.login}/`, { redirects: 0 })).status).toBe(200)
    await post(browser, await comeBackFromProvider(browser, `${gateway.login}/sign-in?switch=1`))
    expect((await browser.open(`${gateway.login}/`, { redirects: 0 })).status).toBe(200)
    expect((await old.open(`${gateway.login}/`, { redirects: 0 })).headers.get('location')).toBe('/sign-in')
  })

  it.each<[string, (form: URLSearchParams) => void]>([
    ['without state', (form) => form.delete('state')],
    ['with another state', (form) => form.set('state', 'other')],
    ['with two states', (form) => form.append('state', 'other')],
    ['with two codes', (form) => form.append('code', 'other')],
    ['that is too large', (form) => form.set('more', 'a'.repeat(70_000))],
  ])('is refused %s, and no code is redeemed', async (_, change) => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    const before = gateway.provider.tokenRequests.length
    expect((await post(browser, callback, change)).status).toBe(400)
    expect(gateway.provider.tokenRequests.length).toBe(before)
    expect((await browser.open(`${gateway.login}/`, { redirects: 0 })).headers.get('location')).toBe('/sign-in')
  })

  it('is refused in a browser that did not begin it, and when it comes twice', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    const victim = createBrowser()
    await comeBackFromProvider(victim, `${gateway.hello}/`)
    expect((await post(victim, callback)).status).toBe(400)
    const kept = await browser.jar.getCookies(gateway.login)
    expect((await post(browser, callback)).status).toBe(200)
    for (const cookie of kept) await browser.jar.setCookie(cookie.toString(), gateway.login)
    const before = gateway.provider.tokenRequests.length
    expect((await post(browser, callback)).status).toBe(400)
    expect(gateway.provider.tokenRequests.length).toBe(before)
  })

  it('is not heard by an address, which a log or a Referer would keep', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    const before = gateway.provider.tokenRequests.length
    expect((await browser.open(callback)).status).toBe(400)
    expect(gateway.provider.tokenRequests.length).toBe(before)
    expect((await post(browser, callback)).status).toBe(200)
  })

  async function signedIn(browser: Browser) {
    await post(browser, await comeBackFromProvider(browser, `${gateway.hello}/`))
  }
})

it('a provider that answers by an address is not heard by a form', async () => {
  const other = await startTestGateway()
  try {
    const browser = createBrowser()
    const callback = new URL(await comeBackFromProvider(browser, `${other.hello}/`))
    const page = await browser.open(callback.origin + callback.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: callback.search.slice(1),
    })
    expect(page.status).toBe(400)
    expect(other.provider.tokenRequests).toHaveLength(0)
    expect((await signIn(other)).page.status).toBe(200)
  } finally {
    await other.close()
  }
})

describe('an account that is to be joined', () => {
  it('is shown to be theirs by a form of the provider, which brings no cookie of that step along', async () => {
    const honest = gateway.provider.behaviour.person
    const claims = { ...honest, sub: 'first-of-two', email: 'two@acme.example' }
    gateway.provider.behaviour.person = claims
    const first = createBrowser()
    await post(first, await comeBackFromProvider(first, `${gateway.hello}/`))
    gateway.provider.behaviour.person = { ...claims, sub: 'second-of-two' }
    const browser = createBrowser()
    const page = await post(browser, await comeBackFromProvider(browser, `${gateway.hello}/joined`))
    expect(shown(page)).toContain('You have an account already')
    gateway.provider.behaviour.person = claims
    const atProvider = await browser.open(linkTo(page, '/sign-in/acme?join='), { redirects: 1 })
    const proven = await post(browser, atProvider.headers.get('location') ?? '')
    expect(shown(proven)).toContain('The account is yours')
    const joined = await submit(browser, proven, '/join-accounts', { decision: 'join' })
    expect(joined).toMatchObject({ status: 200, text: 'app saw /joined' })
    gateway.provider.behaviour.person = honest
  })
})
