import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { boundedFetch } from '../../../runtime/outbound/index.ts'
import { createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { comeBackFromProvider, signIn, signInLink } from '../../support/visitor.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

describe('a person without a session', () => {
  it('is shown the sign-in page of the login host, and comes back to the deep link', async () => {
    const { signInPage, page } = await signIn(gateway, `${gateway.hello}/reports/7?tab=open&x=%2B`)
    expect(new URL(signInPage.url).origin).toBe(gateway.login)
    expect(signInPage.text).toContain('Login with Acme')
    expect(page).toMatchObject({ status: 200, url: `${gateway.hello}/reports/7?tab=open&x=%2B` })
    expect(page.text).toBe('app saw /reports/7?tab=open&x=%2B')
  })

  it('who is a program is told 401 in JSON, and nothing reaches the app', async () => {
    const before = gateway.upstreamRequests.length
    const page = await createBrowser().open(`${gateway.hello}/api`, {
      headers: { 'sec-fetch-mode': 'cors', accept: '*/*' },
    })
    expect(page.status).toBe(401)
    expect(JSON.parse(page.text)).toMatchObject({ error: 'sign_in_required' })
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it('reaches a public route', async () => {
    expect((await createBrowser().open(`${gateway.docs}/intro`)).text).toBe('app saw /intro')
  })
})

describe('a person who is signed in', () => {
  it('is not asked again at a second app, and denied there with the reason', async () => {
    const { browser } = await signIn(gateway)
    const page = await browser.open(`${gateway.admin}/`)
    expect(page.status).toBe(403)
    expect(page.text).toContain('alice@acme.example')
    expect(page.text).toContain('people in admins')
    expect(gateway.provider.authorizationRequests.length).toBeGreaterThan(0)
  })

  it('is vouched for by an assertion that an app can verify', async () => {
    await signIn(gateway)
    const token = gateway.upstreamRequests.at(-1)?.headers['x-gatewright-assertion']
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', gateway.login), {
      [customFetch]: (url, init) => boundedFetch(url, init),
    })
    const expected = { issuer: gateway.login, audience: gateway.hello, algorithms: ['ES256'] }
    const { payload } = await jwtVerify(String(token), keys, expected)
    expect(payload).toMatchObject({ email: 'alice@acme.example', name: 'Alice Archer', groups: ['staff'] })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(300)
  })

  it('stays signed in over a restart', async () => {
    const { browser } = await signIn(gateway)
    await gateway.restart()
    expect((await browser.open(`${gateway.hello}/again`, { redirects: 0 })).status).toBe(200)
  })

  it('can sign in as someone else from the denied page, and the provider is told to ask', async () => {
    const { browser } = await signIn(gateway)
    const denied = await browser.open(`${gateway.admin}/`)
    const other = /href="([^"]*switch=1[^"]*)"/.exec(denied.text)?.[1]?.replaceAll('&amp;', '&')
    const page = await browser.open(other ?? '')
    await browser.open(signInLink(page), { redirects: 1 })
    expect(gateway.provider.authorizationRequests.at(-1)?.get('prompt')).toBe('login')
  })
})

describe('two tabs', () => {
  it('that sign in at once both arrive', async () => {
    const browser = createBrowser()
    const atProvider = await Promise.all(
      ['/one', '/two'].map((path) => comeBackFromProvider(browser, `${gateway.hello}${path}`)),
    )
    // The first tab comes back only after the second has begun.
    const first = await browser.open(atProvider[0] ?? '')
    const second = await browser.open(atProvider[1] ?? '')
    expect([first.text, second.text]).toEqual(['app saw /one', 'app saw /two'])
  })
})

describe('signing out', () => {
  it('ends the session at the gateway, at every app and at the provider', async () => {
    const { browser } = await signIn(gateway)
    const out = await browser.open(`${gateway.login}/sign-out`, { method: 'POST', headers: { origin: gateway.login } })
    expect(new URL(out.url).pathname).toBe('/signed-out')
    expect((await browser.open(`${gateway.hello}/`, { redirects: 0 })).status).toBe(302)
    expect((await browser.open(`${gateway.login}/`, { redirects: 0 })).headers.get('location')).toBe('/sign-in')
  })

  it('works from a form of the app itself, and no token is in the provider’s address', async () => {
    const { browser } = await signIn(gateway)
    const out = await browser.open(`${gateway.hello}/.gatewright/sign-out`, {
      method: 'POST',
      headers: { origin: gateway.hello },
      redirects: 0,
    })
    const location = new URL(out.headers.get('location') ?? '')
    expect(location.origin).toBe(gateway.provider.issuer)
    expect([...location.searchParams.keys()].toSorted()).toEqual([
      'client_id',
      'logout_hint',
      'post_logout_redirect_uri',
      'state',
    ])
    expect((await browser.open(`${gateway.hello}/`, { redirects: 0 })).status).toBe(302)
  })

  it('is not claimed while the session at the login host lives', async () => {
    const { browser } = await signIn(gateway)
    await browser.jar.setCookie('__Host-gatewright-session=gone; Path=/; Secure', gateway.hello)
    const page = await browser.open(`${gateway.hello}/.gatewright/sign-out`, {
      method: 'POST',
      headers: { origin: gateway.hello },
    })
    expect(page.url).toBe(`${gateway.login}/sign-out`)
    expect((await browser.open(`${gateway.login}/signed-out`)).url).toBe(`${gateway.login}/`)
  })

  it.each(['http://evil.example', 'null', undefined])('is refused from a page of %s', async (origin) => {
    const { browser } = await signIn(gateway)
    const headers: Record<string, string> = origin === undefined ? {} : { origin }
    for (const url of [`${gateway.hello}/.gatewright/sign-out`, `${gateway.login}/sign-out`]) {
      const page = await browser.open(url, { method: 'POST', headers, redirects: 0 })
      expect(page.status).toBe(403)
    }
    expect((await browser.open(`${gateway.hello}/`)).status).toBe(200)
  })
})
