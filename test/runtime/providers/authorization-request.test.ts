import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { IdentityProviderConfig } from '../../../runtime/config.ts'
import type { SignInWishes } from '../../../runtime/providers/index.ts'
import {
  type EvilProvider,
  LOGIN_URL,
  relyingParty,
  signInAt,
  startEvilProvider,
  visit,
} from '../../support/evil-provider/index.ts'

let provider: EvilProvider
beforeAll(async () => {
  provider = await startEvilProvider()
})
afterEach(() => provider.reset())
afterAll(() => provider.close())

async function parametersOf(change: Partial<IdentityProviderConfig>, wishes: SignInWishes = {}) {
  const { url, checks } = await relyingParty(provider.issuer, change).beginSignIn(LOGIN_URL, wishes)
  return { parameters: Object.fromEntries(url.searchParams), checks }
}

describe('an authorization request', () => {
  it('has what OpenID Connect needs, and nothing else', async () => {
    const { parameters, checks } = await parametersOf({})
    expect(parameters).toEqual({
      client_id: 'gateway-client',
      redirect_uri: `${LOGIN_URL}/callback/acme`,
      response_type: 'code',
      scope: 'openid profile email groups',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(JSON.stringify(parameters)).not.toContain(checks.verifier)
  })

  it('has the configuration’s own parameters, which give way to what the sign-in needs', async () => {
    const authorizationParameters = { hd: 'acme.example', prompt: 'consent', acr_values: 'bronze' }
    expect((await parametersOf({ authorizationParameters })).parameters).toMatchObject(authorizationParameters)
    const wishes = { prompt: 'login', loginHint: 'alice@acme.example', acrValues: ['gold', 'silver'] } as const
    const { parameters, checks } = await parametersOf({ authorizationParameters }, wishes)
    expect(parameters).toMatchObject({
      hd: 'acme.example',
      prompt: 'login',
      login_hint: 'alice@acme.example',
      acr_values: 'gold silver',
    })
    expect(checks.acrValues).toEqual(['gold', 'silver'])
  })

  it.each<[string | undefined, number | undefined, number | undefined]>([
    [undefined, 300, 300],
    ['600', undefined, 600],
    ['600', 300, 300],
    ['60', 300, 60],
    ['0', undefined, 0],
    ['soon', 300, 300],
  ])('with max_age %s configured and %s wished for is held to %s', async (configured, wished, expected) => {
    const authorizationParameters: Record<string, string> = configured === undefined ? {} : { max_age: configured }
    const wishes = wished === undefined ? {} : { maxAgeSeconds: wished }
    const { parameters, checks } = await parametersOf({ authorizationParameters }, wishes)
    expect([parameters['max_age'], checks.maxAgeSeconds]).toEqual([String(expected), expected])
  })

  it('asks for a form where the configuration wants one, which is then an answer', async () => {
    const gateway = relyingParty(provider.issuer, { responseMode: 'form_post' })
    const { url, checks } = await gateway.beginSignIn(LOGIN_URL, {})
    expect(url.searchParams.get('response_mode')).toBe('form_post')
    const form = new URLSearchParams((await visit(url)).search)
    expect(await gateway.finishSignIn(LOGIN_URL, { form }, checks)).toMatchObject({ subject: 'alice' })
    expect(provider.heard.grants[0]?.get('redirect_uri')).toBe(`${LOGIN_URL}/callback/acme`)
  })
})

describe('a sign-in that is asked to be a certain way', () => {
  it('is told with its time and its kind', async () => {
    const time = Math.floor(Date.now() / 1000) - 100
    provider.bends.person = { ...provider.bends.person, auth_time: time, acr: 'gold', amr: ['pwd', 'otp', 7] }
    const wishes = { maxAgeSeconds: 300, acrValues: ['silver', 'gold'] }
    const { authentication } = await signInAt(relyingParty(provider.issuer), wishes)
    expect(authentication).toEqual({ time: time * 1_000, acr: 'gold', amr: ['pwd', 'otp'] })
  })

  it('of which nothing is said counts as long ago; none counts from the future', async () => {
    provider.bends.person = { ...provider.bends.person, auth_time: undefined }
    const unsaid = await signInAt(relyingParty(provider.issuer))
    expect(unsaid.authentication).toEqual({ time: 0, acr: undefined, amr: [] })
    provider.bends.person = { ...provider.bends.person, auth_time: Date.now() }
    expect((await signInAt(relyingParty(provider.issuer))).authentication.time).toBeLessThanOrEqual(Date.now())
  })

  it('and cannot be so is told from one that was refused', async () => {
    for (const [error, code] of [
      ['access_denied', 'provider_refused'],
      ['unmet_authentication_requirements', 'step_up_failed'],
      ['temporarily_unavailable', 'provider_unreachable'],
    ]) {
      provider.bends.callback = ({ state = '', iss = '' }) => Object.entries({ error: error ?? '', state, iss })
      await expect(signInAt(relyingParty(provider.issuer))).rejects.toMatchObject({ code })
    }
  })
})

describe('a pushed request (RFC 9126)', () => {
  const announce = (required: boolean) => {
    provider.bends.discovery = (d) => ({
      ...d,
      pushed_authorization_request_endpoint: `${provider.issuer}/par`,
      require_pushed_authorization_requests: required,
    })
  }

  it.each([true, false])('goes ahead of the browser where it is announced (required: %s)', async (required) => {
    announce(required)
    const { url } = await relyingParty(provider.issuer).beginSignIn(LOGIN_URL, { loginHint: 'alice' })
    expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri'])
    const { subject } = await signInAt(relyingParty(provider.issuer), { loginHint: 'alice' })
    expect(subject).toBe('alice')
    expect(provider.heard.authorizations[0]?.get('login_hint')).toBe('alice')
  })

  it.each<[string, { status: number; body?: string }]>([
    ['does not answer', { status: 503 }],
    ['takes none of us', { status: 401, body: '{"error":"invalid_client"}' }],
    ['is not for us', { status: 403, body: '{"error":"access_denied"}' }],
  ])('that %s keeps nobody out where it is not required, and is not tried again at once', async (_, answer) => {
    announce(false)
    provider.bends.wire = (path) => (path === '/par' ? answer : undefined)
    const gateway = relyingParty(provider.issuer)
    expect(await signInAt(gateway)).toMatchObject({ subject: 'alice' })
    expect(await signInAt(gateway)).toMatchObject({ subject: 'alice' })
    expect(provider.count('/par')).toBe(1)
  })

  it.each<[string, { status: number; body?: string }, string]>([
    ['does not answer', { status: 503 }, 'provider_unreachable'],
    ['takes none of us', { status: 401, body: '{"error":"invalid_client"}' }, 'client_refused'],
    ['is refused', { status: 400, body: '{"error":"invalid_request"}' }, 'provider_answer_invalid'],
  ])('that %s ends the sign-in where it is required', async (_, answer, code) => {
    announce(true)
    provider.bends.wire = (path) => (path === '/par' ? answer : undefined)
    await expect(signInAt(relyingParty(provider.issuer))).rejects.toMatchObject({ code })
    expect(provider.heard.authorizations).toEqual([])
  })
})

describe('a provider without a discovery document', () => {
  it('is asked at the addresses that it was configured with, and nothing is discovered', async () => {
    const endpoints = {
      authorization: `${provider.issuer}/authorize`,
      token: `${provider.issuer}/token`,
      jwks: `${provider.issuer}/jwks`,
    }
    const gateway = relyingParty(provider.issuer, { endpoints })
    expect(await signInAt(gateway)).toMatchObject({ subject: 'alice', person: { groups: ['staff'] } })
    expect(provider.count('/.well-known/openid-configuration')).toBe(0)
    expect(await gateway.endSessionUrl(LOGIN_URL, 'alice')).toBeUndefined()
    const endSession = `${provider.issuer}/logout`
    const other = relyingParty(provider.issuer, { endpoints: { ...endpoints, endSession } })
    expect((await other.endSessionUrl(LOGIN_URL, 'alice'))?.href).toContain(`${endSession}?post_logout_redirect_uri=`)
  })
})
