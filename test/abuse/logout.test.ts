import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createBrowser } from '../support/browser.ts'
import {
  type Claims,
  type EvilProvider,
  macWithPublicKey,
  signingKey,
  startEvilProvider,
  unsigned,
} from '../support/evil-provider/index.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { signIn } from '../support/visitor.ts'

/** Back-Channel Logout 1.0: §2.4 what is in a logout token, §2.6 what is checked, §2.8 how it is answered. */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

let provider: EvilProvider
let gateway: TestGateway
beforeAll(async () => {
  provider = await startEvilProvider()
  gateway = await startTestGateway({
    config: ({ identityProviders: { acme } }) => {
      if (acme) acme.issuer = provider.issuer
    },
  })
})
afterAll(async () => {
  await Promise.all([gateway.close(), provider.close()])
})

/** Somebody of a name of their own, with a session of the provider, who is signed in here. */
async function someone(sub = randomUUID(), sid = randomUUID()) {
  provider.bends.person = {
    sub,
    sid,
    name: 'Alice',
    email: `${randomUUID()}@acme.example`,
    email_verified: true,
    groups: ['staff'],
  }
  const { browser, page } = await signIn(gateway)
  expect(page.status).toBe(200)
  const isSignedIn = async () => (await browser.open(`${gateway.hello}/`, { redirects: 0 })).status === 200
  return { browser, sub, sid, isSignedIn }
}
let person: Awaited<ReturnType<typeof someone>>
beforeAll(async () => {
  person = await someone()
})
beforeEach(async () => {
  if (!(await person.isSignedIn())) person = await someone()
})

function honestClaims(change: Claims = {}): Claims {
  const now = Math.floor(Date.now() / 1_000)
  const times = { iat: now, exp: now + 120 }
  const { sub, sid } = person
  const about = { iss: provider.issuer, aud: 'gateway-client', sub, sid, jti: randomUUID(), events: { [EVENT]: {} } }
  const all = Object.entries({ ...about, ...times, ...change })
  return Object.fromEntries(all.filter(([, value]) => value !== undefined))
}

const logoutToken = (change: Claims = {}) => provider.key.sign(honestClaims(change), { typ: 'logout+jwt' })

/** Without Origin and cookies, as a provider's program sends it. */
function notify(body: string, type = 'application/x-www-form-urlencoded', path = '/back-channel-logout/acme') {
  const headers = { 'content-type': type, 'sec-fetch-mode': 'cors', accept: '*/*' }
  return createBrowser().open(`${gateway.login}${path}`, { method: 'POST', headers, body })
}
const notifyOf = (token: string) => notify(new URLSearchParams({ logout_token: token }).toString())

/** It is told so in the words of §2.8, and nobody was signed out. */
async function expectRefused(answer: Awaited<ReturnType<typeof notify>>): Promise<void> {
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.text)).toEqual({ error: 'invalid_request' })
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await person.isSignedIn()).toBe(true)
}

describe('39: a logout token', () => {
  it.each<[string, Claims]>([
    ['by session and person', {}],
    ['by session alone', { sub: undefined }],
    ['by person alone', { sid: undefined }],
    ['for several audiences', { aud: ['other', 'gateway-client'] }],
  ])('that is honest, %s, ends the session here and at the apps', async (_, change) => {
    const other = await someone()
    const answer = await notifyOf(await logoutToken(change))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await person.isSignedIn()).toBe(false)
    expect((await person.browser.open(`${gateway.login}/`, { redirects: 0 })).headers.get('location')).toBe('/sign-in')
    expect(await other.isSignedIn()).toBe(true)
  })

  const past = Math.floor(Date.now() / 1_000) - 3_600
  it.each<[string, Claims]>([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of another audience', { aud: 'another-client' }],
    ['of no audience', { aud: undefined }],
    ['with a nonce', { nonce: 'n' }],
    ['with an empty nonce', { nonce: '' }],
    ['without iat', { iat: undefined }],
    ['of an hour ago', { iat: past, exp: past + 7_200 }],
    ['of tomorrow', { iat: past + 90_000, exp: past + 100_000 }],
    ['that has expired', { exp: past }],
    ['without jti', { jti: undefined }],
    ['with a jti that is no text', { jti: 7 }],
    ['without events', { events: undefined }],
    ['of another event', { events: { 'http://schemas.openid.net/event/other': {} } }],
    ['whose event is no object', { events: { [EVENT]: true } }],
    ['whose events are inherited', { events: JSON.parse(`{"__proto__":{"${EVENT}":{}}}`) as Claims }],
    ['without sub and sid', { sub: undefined, sid: undefined }],
    ['with a sub that is no text', { sub: ['alice'], sid: undefined }],
  ])('%s is refused', async (_, change) => {
    await expectRefused(await notifyOf(await logoutToken(change)))
  })

  it('that nobody signed is refused', async () => {
    for (const header of [{}, { typ: 'logout+jwt' }, { kid: provider.key.jwk.kid }]) {
      await expectRefused(await notifyOf(unsigned(honestClaims(), header)))
    }
  })

  it.each(['pem', 'der', 'jwk', 'modulus'] as const)(
    'with HS256 under the public key as %s is refused',
    async (spelling) => {
      await expectRefused(await notifyOf(macWithPublicKey(honestClaims(), provider.key.jwk, spelling)))
    },
  )

  it('under a key that is not the provider’s is refused, also when it names that key’s id', async () => {
    const stranger = await signingKey('stranger')
    for (const header of [{}, { kid: String(provider.key.jwk.kid) }, { jwk: stranger.jwk }]) {
      await expectRefused(await notifyOf(await stranger.sign(honestClaims(), header)))
    }
  })

  it.each(['at+jwt', 'secevent+jwt', 'JWT+x'])('of the type %s is refused', async (typ) => {
    await expectRefused(await notifyOf(await provider.key.sign(honestClaims(), { typ })))
  })

  it('that came before is refused, for the sessions that began since', async () => {
    const token = await logoutToken({ sid: undefined })
    expect((await notifyOf(token)).status).toBe(200)
    const { sub } = person
    person = await someone(sub)
    await expectRefused(await notifyOf(token))
  })

  it('that is an ID token of the provider is refused', async () => {
    await expectRefused(await notifyOf(await provider.key.sign({ ...honestClaims(), events: undefined, nonce: 'n' })))
  })
})

describe('39: a message to the back channel', () => {
  it('that is no form, or not one with exactly one token, is refused', async () => {
    const token = await logoutToken()
    await expectRefused(await notify(''))
    await expectRefused(await notify('logout_token='))
    await expectRefused(await notify(`logout_token=${token}&logout_token=${token}`))
    await expectRefused(await notify(JSON.stringify({ logout_token: token }), 'application/json'))
    await expectRefused(await notify(token, 'text/plain'))
    await expectRefused(await notify(`logout_token=${'a'.repeat(70_000)}`))
  })

  it('for another provider is refused', async () => {
    const body = new URLSearchParams({ logout_token: await logoutToken() }).toString()
    await expectRefused(await notify(body, undefined, '/back-channel-logout/other'))
  })

  it('is heard by POST alone', async () => {
    const query = new URLSearchParams({ logout_token: await logoutToken() }).toString()
    const page = await createBrowser().open(`${gateway.login}/back-channel-logout/acme?${query}`)
    expect(page.status).toBe(404)
    expect(await person.isSignedIn()).toBe(true)
  })

  it('leaves no token in the log', async () => {
    const token = await logoutToken()
    await notifyOf(token)
    expect(gateway.log()).toContain('The provider ended sessions')
    for (const secret of [token, token.split('.')[2] ?? '', person.sid]) expect(gateway.log()).not.toContain(secret)
  })
})

describe('a provider’s frame', () => {
  const frame = (query: { iss?: string; sid?: string }, name = 'acme') =>
    createBrowser().open(
      `${gateway.login}/front-channel-logout/${name}?${new URLSearchParams({ ...query }).toString()}`,
    )

  it('ends the session that it names, and may be shown by the provider alone', async () => {
    const other = await someone()
    const page = await frame({ iss: provider.issuer, sid: person.sid })
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toBe(
      `default-src 'none'; frame-ancestors ${new URL(provider.issuer).origin}`,
    )
    expect(page.headers.has('x-frame-options')).toBe(false)
    expect(await person.isSignedIn()).toBe(false)
    expect(await other.isSignedIn()).toBe(true)
  })

  it('that names no session, or another’s issuer, ends nothing and looks the same', async () => {
    const { sid } = person
    const honest = await frame({ iss: provider.issuer, sid: 'unknown' })
    for (const query of [
      {},
      { sid },
      { iss: provider.issuer },
      { iss: 'https://evil.example', sid },
      { iss: '', sid },
    ]) {
      const page = await frame(query)
      expect([page.status, page.text]).toEqual([honest.status, honest.text])
    }
    const twice = new URLSearchParams({ iss: provider.issuer, sid }).toString()
    await createBrowser().open(`${gateway.login}/front-channel-logout/acme?${twice}&sid=x`)
    await createBrowser().open(`${gateway.login}/front-channel-logout/acme?${twice}`, { method: 'HEAD' })
    expect(await person.isSignedIn()).toBe(true)
    expect((await frame({ iss: provider.issuer, sid }, 'other')).status).toBe(404)
    expect(await person.isSignedIn()).toBe(true)
  })
})
