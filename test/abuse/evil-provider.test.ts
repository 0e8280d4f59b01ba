import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import {
  type Bends,
  type Claims,
  type EvilProvider,
  macWithPublicKey,
  signingKey,
  startEvilProvider,
  unsigned,
} from '../support/evil-provider/index.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { signIn } from '../support/visitor.ts'

/** What `tokens.test.ts` holds against the checks themselves, here by a browser at the gateway: one of each kind. */
let evil: EvilProvider
let gateway: TestGateway
beforeAll(async () => {
  evil = await startEvilProvider()
  gateway = await startTestGateway({ config: ({ identityProviders: { acme } }) => acme && (acme.issuer = evil.issuer) })
})
afterEach(() => evil.reset())
afterAll(() => Promise.all([gateway.close(), evil.close()]))

const now = () => Math.floor(Date.now() / 1_000)
const without = (claims: Claims, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
let people = 0

async function expectRefused(bends: Partial<Bends>, code: string): Promise<void> {
  const before = [gateway.upstreamRequests.length, gateway.log().length] as const
  Object.assign(evil.bends, bends)
  // Each a person of their own, so that no limit answers in the checks' place.
  evil.bends.person = { ...evil.bends.person, sub: `person-${(people += 1)}` }
  const { browser, page } = await signIn(gateway)
  expect(page.status).toBeGreaterThanOrEqual(400)
  expect(page.text).toContain('Request ID')
  expect(gateway.log().slice(before[1])).toContain(`"code":"${code}"`)
  expect((await browser.open(`${gateway.hello}/`, { redirects: 0 })).status).toBe(302)
  expect(gateway.upstreamRequests.length).toBe(before[0])
}

it('an honest provider signs people in: what follows is refused for its own reason', async () => {
  expect((await signIn(gateway)).page.status).toBe(200)
})

describe('28, 29: an ID token', () => {
  it.each<[string, Bends['idToken']]>([
    ['28: without signature', (claims) => unsigned(claims)],
    ['28: under HS256 with the public key', (claims, { jwk }) => macWithPublicKey(claims, jwk, 'pem')],
    [
      '28: under another key of the same name',
      async (claims) => (await signingKey('key-2')).sign(claims, { kid: 'key-1' }),
    ],
  ])('%s', (_, idToken) => expectRefused({ idToken }, 'provider_answer_invalid'))

  it.each<[string, Bends['claims'], string]>([
    ['29: of another issuer', (claims) => ({ ...claims, iss: 'https://honest.example' }), 'provider_answer_invalid'],
    ['29: for another client', (claims) => ({ ...claims, aud: 'another' }), 'provider_answer_invalid'],
    ['29: made for another (azp)', (claims) => ({ ...claims, azp: 'another' }), 'provider_answer_invalid'],
    ['29: of another sign-in (nonce)', (claims) => ({ ...claims, nonce: 'another' }), 'provider_answer_invalid'],
    ['29: of another access token (at_hash)', (claims) => ({ ...claims, at_hash: 'AAAA' }), 'provider_answer_invalid'],
    ['29: that never expires', (claims) => without(claims, 'exp'), 'provider_answer_invalid'],
    ['29: that has expired', (claims) => ({ ...claims, exp: now() - 600 }), 'clock_skew'],
    ['29: without a subject', (claims) => without(claims, 'sub'), 'provider_answer_invalid'],
  ])('%s', (_, claims, code) => expectRefused({ claims }, code))
})

describe('30: userinfo', () => {
  it.each<[string, unknown]>([
    ['about another subject', { sub: 'mallory', groups: ['staff'] }],
    ['about nobody', { groups: ['staff'] }],
  ])('%s', (_, userinfo) =>
    expectRefused(
      { claims: (claims) => without(claims, 'groups'), userinfo: () => userinfo },
      'provider_answer_invalid',
    ),
  )
})

describe('31, 40: the way back', () => {
  it.each<[string, Bends['callback'], string]>([
    [
      '31: without iss where it is announced',
      (a) => Object.entries(a).filter(([name]) => name !== 'iss'),
      'provider_answer_invalid',
    ],
    [
      '31: with the iss of another server',
      (a) => Object.entries({ ...a, iss: 'https://honest.example' }),
      'provider_answer_invalid',
    ],
    ['40: with two codes', (a) => [...Object.entries(a), ['code', 'other']], 'request_malformed'],
    ['40: with two states', (a) => [...Object.entries(a), ['state', 'other']], 'sign_in_expired'],
  ])('%s', async (_, callback, code) => {
    await expectRefused({ callback }, code)
    expect(evil.heard.grants).toEqual([])
  })
})

describe('32, 33: at the beginning', () => {
  it('32: a discovery document of another issuer sends nobody anywhere', async () => {
    await gateway.reload(() => undefined)
    evil.bends.discovery = (document) => ({ ...document, issuer: 'https://honest.example' })
    const { page } = await signIn(gateway)
    expect(page.status).toBe(502)
    expect(evil.heard.authorizations).toEqual([])
  })

  it('33: the challenge is S256 also where a provider announces less, and the verifier is another each time', async () => {
    await gateway.reload(() => undefined)
    evil.bends.discovery = (document) => ({ ...document, code_challenge_methods_supported: ['plain'] })
    for (let round = 0; round < 2; round += 1) expect((await signIn(gateway)).page.status).toBe(200)
    expect(evil.heard.authorizations.map((asked) => asked.get('code_challenge_method'))).toEqual(['S256', 'S256'])
    expect(new Set(evil.heard.grants.map((grant) => grant.get('code_verifier'))).size).toBe(2)
  })

  it('37: a provider in a private network is not asked, and nobody is sent there', async () => {
    await gateway.reload(({ identityProviders: { acme } }) => acme && (acme.issuer = 'https://10.0.0.1'))
    const { page } = await signIn(gateway)
    expect(page.status).toBe(502)
    expect(page.text).not.toContain('10.0.0.1')
    expect(gateway.log()).toContain('ERR_PRIVATE_ADDRESS')
    await gateway.reload(() => undefined)
  })
})

it('38: a flood of unknown key names fetches the keys once', async () => {
  await gateway.reload(() => undefined)
  const before = evil.count('/jwks')
  evil.bends.idToken = (claims, key) => key.sign(claims, { kid: `unknown-${Math.random()}` })
  await Promise.all(Array.from({ length: 20 }, () => signIn(gateway)))
  expect(evil.count('/jwks') - before).toBe(1)
})
