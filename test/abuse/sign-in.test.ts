import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import type { Behaviour } from '../support/openid-provider.ts'
import { comeBackFromProvider, signIn, signInLink } from '../support/visitor.ts'
import { newcomer } from '../support/openid-provider.ts'

let gateway: TestGateway
let honest: Behaviour
beforeAll(async () => {
  gateway = await startTestGateway({ provider: { claims: newcomer } })
  honest = { ...gateway.provider.behaviour }
})
afterEach(() => Object.assign(gateway.provider.behaviour, honest))
afterAll(() => gateway.close())

/** Signs in and expects to be refused with a code, without a session and without a request at the app. */
async function expectRefused(code: string) {
  const before = gateway.upstreamRequests.length
  const { browser, page } = await signIn(gateway)
  expect(page.status).toBeGreaterThanOrEqual(400)
  expect(gateway.log()).toContain(`"code":"${code}"`)
  expect(gateway.upstreamRequests.length).toBe(before)
  expect((await browser.open(`${gateway.hello}/`, { redirects: 0 })).status).toBe(302)
  expect(page.text).not.toContain('access-token-value')
}

const without = (claims: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

describe('an address', () => {
  it('is not vouched for by another document than the one that names it', async () => {
    gateway.provider.behaviour.claims = ({ email_verified: _verified, ...claims }) => ({
      ...claims,
      email: 'ceo@acme.example',
      groups: ['staff'],
    })
    gateway.provider.behaviour.userinfo = { sub: 'alice', email: 'alice@acme.example', email_verified: true }
    await signIn(gateway)
    const token = String(gateway.upstreamRequests.at(-1)?.headers['x-gatewright-assertion'])
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).not.toContain('ceo@')
  })
})

describe('groups', () => {
  it.each<[string, string]>([
    ['that userinfo calls inherited', '{"sub":"alice","__proto__":{"groups":["staff"]}}'],
    ['that userinfo has together in one text', '{"sub":"alice","groups":"staff,admins"}'],
    ['that userinfo has below another name', '{"sub":"alice","constructor":{"groups":["staff"]}}'],
  ])('%s let nobody in', async (_, userinfo) => {
    gateway.provider.behaviour.claims = (claims) => without(claims, 'groups')
    const claims = (text: string) => JSON.parse(text) as NonNullable<Behaviour['userinfo']>
    gateway.provider.behaviour.userinfo = claims(userinfo)
    const before = gateway.upstreamRequests.length
    expect((await signIn(gateway)).page.status).toBe(403)
    expect(gateway.upstreamRequests.length).toBe(before)
    gateway.provider.behaviour.userinfo = claims('{"sub":"alice","groups":["staff"]}')
    expect((await signIn(gateway)).page.status).toBe(200)
  })
})

describe('23: the way back from a provider (RFC 9700 §4.4, §4.7, RFC 9207)', () => {
  it.each<[string, Behaviour['answer'], string]>([
    ['without state', ({ code = '' }) => [['code', code]], 'sign_in_expired'],
    [
      'with a foreign state',
      ({ code = '' }) => [
        ['code', code],
        ['state', 'foreign'],
      ],
      'sign_in_expired',
    ],
    ['with two states', (a) => [...Object.entries(a), ['state', 'other']], 'sign_in_expired'],
    ['with two codes', (a) => [...Object.entries(a), ['code', 'other']], 'request_malformed'],
    [
      'without iss where it was announced',
      (a) => Object.entries(a).filter(([name]) => name !== 'iss'),
      'provider_answer_invalid',
    ],
    ['with another iss', (a) => Object.entries({ ...a, iss: 'http://evil.localhost' }), 'provider_answer_invalid'],
    [
      'with an error',
      ({ state = '', iss = '' }) => Object.entries({ error: 'access_denied', state, iss }),
      'provider_refused',
    ],
  ])('%s is refused', async (_, answer, code) => {
    gateway.provider.behaviour.answer = answer
    await expectRefused(code)
  })

  it('is refused in a browser that did not begin it (login CSRF)', async () => {
    const attackers = await comeBackFromProvider(createBrowser(), `${gateway.hello}/`)
    const victim = createBrowser()
    await victim.open(`${gateway.hello}/`)
    const page = await victim.open(attackers)
    expect(page.status).toBe(400)
    expect((await victim.open(`${gateway.login}/`, { redirects: 0 })).headers.get('location')).toBe('/sign-in')
  })

  it('is not used up by a request that shows nobody its answer', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    expect((await browser.open(callback, { method: 'HEAD' })).status).toBe(400)
    expect((await browser.open(callback)).status).toBe(200)
  })

  it('works once', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    const cookies = await browser.jar.getCookies(callback)
    expect((await browser.open(callback)).status).toBe(200)
    for (const cookie of cookies) await browser.jar.setCookie(cookie.toString(), callback)
    const requests = gateway.provider.tokenRequests.length
    expect((await browser.open(callback)).status).toBe(400)
    expect(gateway.provider.tokenRequests.length).toBe(requests)
  })

  it('of one provider is refused at the callback of another', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    expect((await browser.open(callback.replace('/callback/acme', '/callback/other'))).status).toBe(400)
  })

  it('carries a PKCE verifier that no cookie or address shows', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    const authorization = gateway.provider.authorizationRequests.at(-1)
    expect(authorization?.get('code_challenge_method')).toBe('S256')
    expect(authorization?.get('redirect_uri')).toBe(`${gateway.login}/callback/acme`)
    await browser.open(callback)
    const verifier = gateway.provider.tokenRequests.at(-1)?.get('code_verifier') ?? ''
    expect(verifier.length).toBeGreaterThanOrEqual(43)
    expect(JSON.stringify(await browser.jar.serialize())).not.toContain(verifier)
  })
})

describe('discovery (OpenID Connect Discovery §4.3)', () => {
  it('that names another issuer is refused, and tried again the next time', async () => {
    const other = await startTestGateway({
      provider: { discovery: (d) => ({ ...d, issuer: 'http://evil.localhost' }) },
    })
    try {
      const page = await createBrowser().open(signInLink(await createBrowser().open(`${other.login}/sign-in`)))
      expect(page.status).toBe(502)
      other.provider.behaviour.discovery = (d) => d
      expect((await signIn(other)).page.status).toBe(200)
    } finally {
      await other.close()
    }
  })
})

describe('22: a session', () => {
  it('has a new id after each sign-in, and the old one is worth nothing (fixation)', async () => {
    const browser = createBrowser()
    await signIn(gateway, undefined, browser)
    const cookie = async (url: string) =>
      (await browser.jar.getCookies(url)).find(({ key }) => key === '__Host-gatewright-session')?.value
    const [parent, child] = [await cookie(gateway.login), await cookie(gateway.hello)]
    await browser.open(signInLink(await browser.open(`${gateway.login}/sign-in?switch=1`)))
    await browser.open(`${gateway.hello}/`)
    expect([await cookie(gateway.login), await cookie(gateway.hello)]).not.toEqual([parent, child])
    const old = createBrowser()
    await old.jar.setCookie(`__Host-gatewright-session=${child}; Path=/; Secure`, gateway.hello)
    expect((await old.open(`${gateway.hello}/`, { redirects: 0 })).status).toBe(302)
  })
})

it('no token of the provider shows up in any page, cookie, header, log line or file', async () => {
  const { browser, page } = await signIn(gateway)
  const { readdir, readFile } = await import('node:fs/promises')
  const files = await readdir(gateway.dataFolder)
  const contents = await Promise.all(files.map((file) => readFile(`${gateway.dataFolder}/${file}`, 'latin1')))
  const everywhere = [page.text, JSON.stringify(await browser.jar.serialize()), gateway.log(), ...contents].join('\n')
  const sent = JSON.stringify(gateway.upstreamRequests.map((request) => request.rawHeaders))
  for (const secret of ['access-token-value', 'refresh-token-value', 'client-secret-value']) {
    expect(everywhere + sent).not.toContain(secret)
  }
})
