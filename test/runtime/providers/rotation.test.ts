import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import type { Behaviour } from '../../support/openid-provider.ts'
import { comeBackFromProvider, signIn, signInLink } from '../../support/visitor.ts'

const FIRST = 'client-secret-value-first'
const SECOND = 'client-secret-value-second'
/** The sequence of a rotation: the new one beside the old one, and preferred. */
const BOTH = [
  { name: 'second', clientId: 'gateway-client' },
  { name: 'first', clientId: 'gateway-client' },
]

let gateway: TestGateway
let honest: Behaviour
beforeAll(async () => {
  gateway = await startTestGateway()
  honest = { ...gateway.provider.behaviour }
})
let people = 0
beforeEach(() => {
  // One account may sign in only so often; there is no end of people.
  people += 1
  const name = `alice-${people}`
  gateway.provider.behaviour.person = { ...honest.person, sub: name, email: `${name}@acme.example` }
})
afterEach(async () => {
  Object.assign(gateway.provider.behaviour, honest)
  await gateway.reload(() => undefined)
})
afterAll(() => gateway.close())

/** Puts a release in force whose provider `acme` has these credentials. */
async function register(registrations: RuntimeConfig['registrations'][string], authMethod?: 'client_secret_basic') {
  await gateway.reload((config) => {
    config.registrations['acme'] = registrations
    if (authMethod) config.identityProviders['acme']!.authMethod = authMethod
  })
}

/** Secrets that the token endpoint was shown while something happened. */
async function secretsShown(happening: () => Promise<unknown>): Promise<(string | null)[]> {
  const before = gateway.provider.tokenRequests.length
  await happening()
  return gateway.provider.tokenRequests.slice(before).map((body) => body.get('client_secret'))
}

describe('while one client secret takes over from another', () => {
  it.each([
    ['only the old one', [FIRST]],
    ['only the new one', [SECOND]],
    ['both', [FIRST, SECOND]],
  ])('people sign in at a provider that takes %s', async (_, clientSecrets) => {
    await register(BOTH)
    gateway.provider.behaviour.clientSecrets = clientSecrets
    expect((await signIn(gateway, `${gateway.hello}/x`)).page.text).toBe('app saw /x')
  })

  it.each<[string, Behaviour['clientRefusal'], 'client_secret_basic' | undefined]>([
    ['with 401', { status: 401, error: 'invalid_client' }, undefined],
    ['with 400', { status: 400, error: 'invalid_client' }, undefined],
    ['with a challenge', { status: 401, error: 'invalid_client' }, 'client_secret_basic'],
    ['as Keycloak does', { status: 401, error: 'unauthorized_client' }, undefined],
    ['as Auth0 does', { status: 401, error: 'access_denied' }, undefined],
  ])('they do so at a provider that refuses the other one %s', async (_, clientRefusal, authMethod) => {
    await register(BOTH, authMethod)
    Object.assign(gateway.provider.behaviour, { clientSecrets: [FIRST], clientRefusal })
    expect((await signIn(gateway)).page.status).toBe(200)
  })

  it('what worked is tried first from then on, until the next release', async () => {
    await register(BOTH)
    gateway.provider.behaviour.clientSecrets = [FIRST]
    expect(await secretsShown(() => signIn(gateway))).toEqual([SECOND, FIRST])
    expect(await secretsShown(() => signIn(gateway))).toEqual([FIRST])
    gateway.provider.behaviour.clientSecrets = [SECOND]
    expect(await secretsShown(() => signIn(gateway))).toEqual([FIRST, SECOND])
    expect(await secretsShown(() => signIn(gateway))).toEqual([SECOND])
    gateway.provider.behaviour.clientSecrets = [FIRST, SECOND]
    await register(BOTH.toReversed())
    expect(await secretsShown(() => signIn(gateway))).toEqual([FIRST])
  })

  it('the provider is discovered once', async () => {
    await register(BOTH)
    gateway.provider.behaviour.clientSecrets = [FIRST]
    const before = gateway.provider.discoveryRequests()
    await signIn(gateway)
    await signIn(gateway)
    expect(gateway.provider.discoveryRequests()).toBe(before + 1)
  })
})

describe('another credential is not tried', () => {
  it('when the code is what was refused', async () => {
    await register(BOTH)
    gateway.provider.behaviour.answer = (answer) => Object.entries({ ...answer, code: 'made-up' })
    gateway.provider.behaviour.clientSecrets = [FIRST, SECOND]
    expect(await secretsShown(() => signIn(gateway))).toEqual([SECOND])
  })

  it('when the browser brought the error', async () => {
    await register(BOTH)
    gateway.provider.behaviour.answer = ({ state = '', iss = '' }) =>
      Object.entries({ error: 'invalid_client', state, iss })
    expect(await secretsShown(() => signIn(gateway))).toEqual([])
  })

  it('when it is of another client, whose code this is not', async () => {
    await register([BOTH[0]!, { name: 'first', clientId: 'another-client' }])
    gateway.provider.behaviour.clientSecrets = [FIRST]
    expect(await secretsShown(() => signIn(gateway))).toEqual([SECOND])
  })

  it('when the ID token is wrong, however the first answer was', async () => {
    await register(BOTH)
    Object.assign(gateway.provider.behaviour, {
      clientSecrets: [FIRST, SECOND],
      claims: (claims: object) => ({ ...claims, aud: 'another' }),
    })
    expect(await secretsShown(() => signIn(gateway))).toEqual([SECOND])
  })
})

it('a provider that takes no credential refuses the sign-in in one log line, which names them and shows none', async () => {
  await register(BOTH)
  gateway.provider.behaviour.clientSecrets = []
  const before = { log: gateway.log().length, upstream: gateway.upstreamRequests.length }
  const { browser, page } = await signIn(gateway)
  expect(page.status).toBe(502)
  expect(gateway.upstreamRequests.length).toBe(before.upstream)
  expect((await browser.open(`${gateway.login}/`, { redirects: 0 })).headers.get('location')).toBe('/sign-in')
  const log = gateway.log().slice(before.log)
  const refusals = log.split('\n').filter((line) => line.includes('"Refused"'))
  expect(refusals.map((line) => JSON.parse(line) as object)).toMatchObject([
    { code: 'client_refused', reason: 'acme takes none of our client credentials (tried: second, first)' },
  ])
  for (const text of [log, page.text]) expect(text).not.toMatch(/client-secret-value|code-\d/)
})

describe('a sign-in under way while the release changes', () => {
  it('ends with the client that it began with, which is still registered', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/deep`)
    await register([
      { name: 'second', clientId: 'next-client' },
      { name: 'first', clientId: 'gateway-client' },
    ])
    gateway.provider.behaviour.clientSecrets = [FIRST, SECOND]
    expect((await browser.open(callback)).text).toBe('app saw /deep')
    expect(gateway.provider.tokenRequests.at(-1)?.get('client_id')).toBe('gateway-client')
    await signIn(gateway)
    expect(gateway.provider.tokenRequests.at(-1)?.get('client_id')).toBe('next-client')
  })

  it('ends with that client’s new secret', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    await register([{ name: 'second', clientId: 'gateway-client' }])
    gateway.provider.behaviour.clientSecrets = [SECOND]
    expect((await browser.open(callback)).status).toBe(200)
  })

  it('is refused when its client is gone, redeems nothing, and can be done again in one step', async () => {
    const browser = createBrowser()
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/deep`)
    await register([{ name: 'second', clientId: 'next-client' }])
    gateway.provider.behaviour.clientSecrets = [SECOND]
    let page = await browser.open(`${gateway.login}/`)
    expect(
      await secretsShown(async () => {
        page = await browser.open(callback)
      }),
    ).toEqual([])
    expect(page.status).toBe(400)
    expect(gateway.log()).toContain('"code":"sign_in_expired","reason":"the sign-in began with a client of acme')
    const retry = /href="(\/sign-in\?[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
    const again = await browser.open(signInLink(await browser.open(gateway.login + retry)))
    expect(again.text).toBe('app saw /deep')
    expect(gateway.provider.authorizationRequests.at(-1)?.has('prompt')).toBe(false)
  })
})

it('signing out names the client of today, for the one that a session began with may be gone', async () => {
  const { browser } = await signIn(gateway)
  await register([{ name: 'second', clientId: 'next-client' }])
  const out = await browser.open(`${gateway.hello}/.gatewright/sign-out`, {
    method: 'POST',
    headers: { origin: gateway.hello },
    redirects: 0,
  })
  const location = new URL(out.headers.get('location') ?? '')
  expect(location.origin).toBe(gateway.provider.issuer)
  expect(location.searchParams.get('client_id')).toBe('next-client')
})
