import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import {
  createProvider,
  type Provider,
  type RefreshOutcome,
  type SignInResult,
} from '../../../runtime/providers/index.ts'
import {
  type Bends,
  type Claims,
  CREDENTIAL,
  type EvilProvider,
  type Fault,
  providerConfig,
  relyingParty,
  signInAt,
  startEvilProvider,
  unsigned,
} from '../../support/evil-provider/index.ts'

const AUTH_TIME = Math.floor(Date.now() / 1000) - 1_000

let provider: EvilProvider
let gateway: Provider
let session: SignInResult
beforeAll(async () => {
  provider = await startEvilProvider()
})
beforeEach(async () => {
  provider.bends.person = { ...provider.bends.person, auth_time: AUTH_TIME, acr: 'silver', amr: ['pwd'] }
  gateway = relyingParty(provider.issuer)
  session = await signInAt(gateway)
})
afterEach(() => provider.reset())
afterAll(() => provider.close())

const refresh = (change: Partial<SignInResult['tokens']> = {}) =>
  gateway.refresh({ ...session.tokens, ...change }, session)

const without = (claims: Claims, ...names: string[]) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => !names.includes(key)))

describe('a refresh', () => {
  it('brings new tokens, and the person as they are by now', async () => {
    provider.bends.person = { ...provider.bends.person, groups: ['staff', 'admins'], name: 'Alice Archer' }
    const before = Date.now()
    const renewed = await refresh()
    expect(renewed).toMatchObject({
      outcome: 'renewed',
      person: { id: session.person.id, name: 'Alice Archer', groups: ['staff', 'admins'] },
      authentication: session.authentication,
      tokens: { access: 'access-token-1', refresh: 'refresh-token-1' },
    })
    const { tokens, accessExpiresAt } = renewed as Extract<RefreshOutcome, { outcome: 'renewed' }>
    expect(tokens.id).not.toBe(session.tokens.id)
    expect(accessExpiresAt).toBeGreaterThanOrEqual(before + 300_000)
    expect(provider.heard.grants.at(-1)?.get('client_id')).toBe('gateway-client')
  })

  it('leaves who it is to what was decided at sign-in', async () => {
    const known = { ...session, person: { ...session.person, id: 'an-account' } }
    expect(await gateway.refresh(session.tokens, known)).toMatchObject({ person: { id: 'an-account' } })
  })

  it.each([
    ['stays while the provider says that very one', 'alice@acme.example', [], 'alice@acme.example'],
    ['is gone when the provider says another', 'mallory@acme.example', [], ''],
    ['is gone when the provider says none', undefined, [], ''],
  ])('an address that a mail verified %s', async (_, email, allowedDomains, expected) => {
    provider.bends.person = { ...provider.bends.person, email, email_verified: true }
    const careful = relyingParty(provider.issuer, { emailTrust: 'always-verify', allowedDomains })
    const person = { ...session.person, email: 'alice@acme.example', emailByMail: true }
    const renewed = await careful.refresh(session.tokens, { ...session, person })
    expect(renewed).toMatchObject({ outcome: 'renewed', person: { email: expected } })
    expect(renewed.outcome === 'renewed' && renewed.person.emailByMail).toBe(expected === '' ? undefined : true)
  })

  it.each([
    ['by the provider', 'verify-with-claim', {}],
    ['by a mail', 'always-verify', { emailByMail: true }],
  ] as const)('ends what is of an address outside the domains of now, verified %s', async (_, emailTrust, how) => {
    const narrower = relyingParty(provider.issuer, { emailTrust, allowedDomains: ['other.example'] })
    const person = { ...session.person, email: 'alice@acme.example', ...how }
    expect(await narrower.refresh(session.tokens, { ...session, person })).toEqual({ outcome: 'revoked' })
  })

  it('reads a person by the settings of now, and says so', async () => {
    provider.bends.person = { ...provider.bends.person, status: 'suspended' }
    const later = relyingParty(provider.issuer, { claims: ['status'] })
    expect(later.readAs).not.toBe(session.person.readAs)
    expect(session.person).toMatchObject({ claims: {}, readAs: gateway.readAs })
    expect(await later.refresh(session.tokens, session)).toMatchObject({
      outcome: 'renewed',
      person: { id: session.person.id, claims: { status: 'suspended' }, readAs: later.readAs },
    })
  })

  it('that cannot read the person by the settings of now says by which it did', async () => {
    provider.bends.claims = (claims) => without(claims, 'name')
    const later = relyingParty(provider.issuer, { claims: ['status'] })
    provider.bends.wire = (path) => (path === '/userinfo' ? { status: 503 } : undefined)
    expect(await later.refresh(session.tokens, session)).toMatchObject({
      outcome: 'renewed',
      person: { readAs: gateway.readAs },
    })
  })

  it('takes groups away that are gone', async () => {
    provider.bends.person = { ...provider.bends.person, groups: [] }
    expect(await refresh()).toMatchObject({ outcome: 'renewed', person: { groups: [] } })
  })

  it('reads the claims that are kept anew, from userinfo where the ID token has none', async () => {
    provider.bends.person = { ...provider.bends.person, department: 'it', level: 5, other: 'x' }
    gateway = relyingParty(provider.issuer, { claims: ['department', 'level'] })
    session = await signInAt(gateway)
    expect(session.person.claims).toEqual({ department: 'it', level: 5 })
    provider.bends.claims = (claims) => without(claims, 'level', 'department')
    provider.bends.userinfo = ({ sub }) => ({ sub, department: 'sales' })
    expect(await refresh()).toMatchObject({ outcome: 'renewed', person: { claims: { department: 'sales' } } })
  })

  it('that brings a claim which cannot be kept takes nothing from the session', async () => {
    gateway = relyingParty(provider.issuer, { claims: ['department'] })
    session = await signInAt(gateway)
    provider.bends.person = { ...provider.bends.person, department: { name: 'it' } }
    expect(await refresh()).toMatchObject({ outcome: 'unreachable' })
  })

  it('asks userinfo for what the new ID token leaves out', async () => {
    provider.bends.claims = (claims) => without(claims, 'groups', 'nonce')
    provider.bends.userinfo = ({ sub }) => ({ sub, groups: ['admins'] })
    expect(await refresh()).toMatchObject({ outcome: 'renewed', person: { groups: ['admins'], name: 'Alice' } })
  })

  it('without an ID token asks userinfo, and what only the first ID token said stays', async () => {
    provider.bends.refresh = (honest) => without(honest, 'id_token')
    provider.bends.userinfo = ({ sub }) => ({ sub, groups: ['admins'] })
    const renewed = await refresh()
    expect(renewed).toMatchObject({
      outcome: 'renewed',
      person: { ...session.person, groups: ['admins'] },
      authentication: session.authentication,
      tokens: { id: session.tokens.id },
    })
  })

  it('without an ID token and without userinfo leaves the person as they were', async () => {
    provider.bends.discovery = ({ userinfo_endpoint: _dropped, ...d }) => d
    gateway = relyingParty(provider.issuer)
    provider.bends.refresh = (honest) => without(honest, 'id_token')
    const { person, authentication } = session
    expect(await refresh()).toMatchObject({ outcome: 'renewed', person, authentication })
  })

  it('keeps the refresh token where no new one comes', async () => {
    provider.bends.refresh = (honest) => without(honest, 'refresh_token', 'expires_in')
    const renewed = await refresh()
    expect(renewed).toMatchObject({ outcome: 'renewed', tokens: { refresh: 'refresh-token-0' } })
    expect(renewed).toHaveProperty('accessExpiresAt', undefined)
  })

  it('never makes a sign-in younger, and takes what is said of its kind', async () => {
    provider.bends.person = { ...provider.bends.person, auth_time: AUTH_TIME + 900, acr: 'bronze', amr: [] }
    const { time, amr } = session.authentication
    expect(await refresh()).toMatchObject({ authentication: { time, acr: 'bronze', amr } })
  })

  it.each<[string, Fault]>([
    ['does not answer', { status: 503 }],
    ['has had enough', { status: 429 }],
    ['breaks off', 'break'],
  ])('keeps its new tokens and the whole person when userinfo %s, and is tried again soon', async (_, fault) => {
    provider.bends.claims = (claims) => without(claims, 'groups')
    provider.bends.wire = (path) => (path === '/userinfo' ? fault : undefined)
    const renewed = await refresh()
    expect(renewed).toMatchObject({ person: session.person, tokens: { refresh: 'refresh-token-1' } })
    const { accessExpiresAt = Infinity } = renewed as Extract<RefreshOutcome, { outcome: 'renewed' }>
    expect(accessExpiresAt).toBeLessThanOrEqual(Date.now() + 60_000)
  })
})

describe('a provider that ends it', () => {
  it.each(['invalid_grant', 'interaction_required', 'login_required', 'consent_required'])('says %s', async (error) => {
    for (const status of [400, 401, 403]) {
      provider.bends.wire = (path) => (path === '/token' ? { status, body: JSON.stringify({ error }) } : undefined)
      const isKnown = status !== 401 || error === 'invalid_grant'
      expect((await refresh()).outcome).toBe(isKnown ? 'revoked' : 'unreachable')
    }
  })

  it('is heard when a token is used twice', async () => {
    await refresh()
    expect(await refresh()).toEqual({ outcome: 'revoked' })
  })
})

describe('nothing is said about the person', () => {
  it.each<[string, Fault, 'no' | undefined]>([
    ['503', { status: 503 }, undefined],
    ['500 with a word of the grant', { status: 500, body: '{"error":"invalid_grant"}' }, undefined],
    ['429', { status: 429, body: '{"error":"slow_down"}' }, 'no'],
    ['429 with a word of the grant', { status: 429, body: '{"error":"invalid_grant"}' }, 'no'],
    ['a page', { status: 400, headers: { 'content-type': 'text/html' }, body: '<h1>invalid_grant</h1>' }, undefined],
    ['a redirect', { status: 302, headers: { location: '/login' } }, undefined],
    ['invalid_client', { status: 401, body: '{"error":"invalid_client"}' }, 'no'],
    ['unauthorized_client', { status: 400, body: '{"error":"unauthorized_client"}' }, 'no'],
    ['half an answer', 'break', undefined],
    ['too much of one', 'huge', undefined],
  ])('by %s', async (_, fault, processed) => {
    provider.bends.wire = (path) => (path === '/token' ? fault : undefined)
    const outcome = await refresh()
    expect(outcome).toMatchObject({ outcome: 'unreachable', reason: expect.stringMatching(/^[a-z_]+: /) })
    expect('processed' in outcome ? outcome.processed : undefined).toBe(processed)
    expect(JSON.stringify(outcome)).not.toContain('token-0')
  })

  it('by a provider that is gone', async () => {
    const gone = await startEvilProvider()
    await gone.close()
    const elsewhere = relyingParty(gone.issuer)
    expect(await elsewhere.refresh(session.tokens, session)).toMatchObject({ outcome: 'unreachable', processed: 'no' })
  })

  it('by a provider whose token endpoint is gone', async () => {
    const gone = await startEvilProvider()
    await gone.close()
    provider.bends.discovery = (d) => ({ ...d, token_endpoint: `${gone.issuer}/token` })
    gateway = relyingParty(provider.issuer)
    expect(await refresh()).toMatchObject({ outcome: 'unreachable', processed: 'no' })
  })

  it('by a provider whose keys cannot be had, whose token is not spent for that', async () => {
    gateway = relyingParty(provider.issuer)
    provider.bends.wire = (path) => (path === '/jwks' ? { status: 503 } : undefined)
    const before = provider.heard.grants.length
    expect(await refresh()).toMatchObject({ outcome: 'unreachable', processed: 'no' })
    expect(provider.heard.grants.length).toBe(before)
  })

  it('by a provider that never answers', async () => {
    gateway = relyingParty(provider.issuer, {}, 1_000)
    provider.bends.wire = (path) => (path === '/token' ? 'hang' : undefined)
    expect(await refresh()).toMatchObject({ outcome: 'unreachable' })
  })

  it('when there is nothing to ask with', async () => {
    expect(await refresh({ refresh: undefined })).toMatchObject({ outcome: 'unreachable', processed: 'no' })
    const other = createProvider('acme', providerConfig(provider.issuer), [
      { ...CREDENTIAL, clientId: 'another-client' },
    ])
    const before = provider.heard.grants.length
    expect(await other.refresh(session.tokens, session)).toMatchObject({ outcome: 'unreachable', processed: 'no' })
    expect(provider.heard.grants.length).toBe(before)
  })

  it.each<[string, Partial<Bends>]>([
    ['of another person', { claims: (claims) => ({ ...claims, sub: 'mallory' }) }],
    ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.example' }) }],
    ['of another client', { claims: (claims) => ({ ...claims, aud: 'another-client' }) }],
    ['of another sign-in', { claims: (claims) => ({ ...claims, nonce: 'another' }) }],
    ['of another access token', { claims: (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) }],
    ['that has expired', { claims: (claims) => ({ ...claims, exp: 1_000 }) }],
    ['that nobody signed', { idToken: (claims) => unsigned(claims) }],
    [
      'that leaves groups out',
      { claims: (claims) => ({ ...without(claims, 'groups'), _claim_names: { groups: 's' } }) },
    ],
    ['with userinfo of another', { claims: (c) => without(c, 'groups'), userinfo: () => ({ sub: 'mallory' }) }],
  ])('by an answer with an ID token %s', async (_, bends) => {
    Object.assign(provider.bends, bends)
    const outcome = await refresh()
    expect(outcome).toMatchObject({ outcome: 'unreachable' })
    expect(outcome).not.toHaveProperty('processed')
    expect(outcome).not.toHaveProperty('person')
  })

  it('without an ID token, userinfo of another is no word about this one', async () => {
    provider.bends.refresh = (honest) => without(honest, 'id_token')
    provider.bends.userinfo = () => ({ sub: 'mallory', groups: ['admins'] })
    expect(await refresh()).toMatchObject({ outcome: 'unreachable' })
  })
})
