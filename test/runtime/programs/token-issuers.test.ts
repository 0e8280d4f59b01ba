import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'

import { generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { TokenIssuerConfig } from '../../../runtime/config.ts'
import { boundedFetch } from '../../../runtime/outbound/index.ts'
import { createTokenIssuers, type TokenIssuers } from '../../../runtime/programs/token-issuers.ts'
import { Refusal } from '../../../runtime/refusal.ts'
import { AUDIENCE, startTokenIssuer, type TokenIssuer } from '../../support/token-issuer.ts'

const BEARER = [{ tokenIssuer: 'ci', audience: AUDIENCE }]
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = () => Math.floor(Date.now() / 1000)

let issuing: TokenIssuer
let issuers: TokenIssuers
beforeAll(async () => {
  issuing = await startTokenIssuer('/realms/ci')
})
beforeEach(() => {
  issuing.requests.length = 0
  issuing.answer = (_path, honest) => honest
  issuers = trusting({})
})
afterEach(() => vi.useRealTimers())
afterAll(() => issuing.close())

function trusting(changed: Partial<TokenIssuerConfig>): TokenIssuers {
  const ci = { issuer: issuing.issuer, groupsClaim: 'groups', allowPrivateAddresses: false, ...changed }
  return createTokenIssuers({ ci }, boundedFetch)
}

async function refusalOf(token: string, by = issuers, bearer = BEARER): Promise<Refusal> {
  const outcome: unknown = await by.authenticate(token, bearer).catch((error: unknown) => error)
  if (!(outcome instanceof Refusal)) throw new Error('was let in', { cause: outcome })
  return outcome
}

const jwksRequests = () => issuing.requests.filter((path) => path.endsWith('/jwks')).length

describe('a token of the issuer', () => {
  it('lets a program in under its own name, with the groups that the token has', async () => {
    const subject = await issuers.authenticate(await issuing.token({ client_id: 'deploy-bot' }), BEARER)
    expect(subject).toMatchObject({
      email: '',
      name: 'deploy-bot',
      groups: ['deployers'],
      provider: 'token-issuer:ci',
      kind: 'program',
    })
    const again = await issuers.authenticate(await issuing.token({ iat: seconds() - 1, groups: [] }), BEARER)
    expect([again.id, again.name, again.groups]).toEqual([subject.id, 'ci', []])
    expect(again.key).not.toBe(subject.key)
    const other = await issuers.authenticate(await issuing.token({ sub: 'other' }), BEARER)
    expect(other.id).not.toBe(subject.id)
  })

  it.each<[string, Record<string, unknown>, Partial<JWTHeaderParameters>]>([
    ['for several audiences', { aud: ['x', AUDIENCE] }, {}],
    ['whose clock is half a minute behind', { exp: seconds() - 30 }, {}],
    ['whose clock is half a minute ahead', { iat: seconds() + 30, nbf: seconds() + 30 }, {}],
    ['of type JWT', {}, { typ: 'JWT' }],
    ['of type application/at+jwt', {}, { typ: 'application/AT+JWT' }],
    ['without a type', { typ: 'Bearer' }, { typ: undefined }],
  ])('%s counts', async (_, claims, header) => {
    expect((await issuers.authenticate(await issuing.token(claims, header), BEARER)).kind).toBe('program')
  })

  it.each<[string, Record<string, unknown>, Partial<JWTHeaderParameters>]>([
    ['for another audience', { aud: 'https://other.example' }, {}],
    ['for an audience that only begins alike', { aud: `${AUDIENCE}.evil.example` }, {}],
    ['without an audience', { aud: undefined }, {}],
    ['that has expired', { exp: seconds() - 61 }, {}],
    ['without an expiry', { exp: undefined }, {}],
    ['whose expiry is a text', { exp: String(seconds() + 60) }, {}],
    ['that is not good yet', { nbf: seconds() + 300 }, {}],
    ['issued in the future', { iat: seconds() + 300 }, {}],
    ['without a subject', { sub: undefined }, {}],
    ['whose subject is empty', { sub: '' }, {}],
    ['whose subject is a number', { sub: 7 }, {}],
    ['of an issuer that differs by a slash', { iss: 'slash' }, {}],
    ['that is an ID token (nonce)', { nonce: 'n' }, { typ: 'JWT' }],
    ['that is an ID token (at_hash)', { at_hash: 'h' }, { typ: undefined }],
    ['that Keycloak calls an ID token', { typ: 'ID' }, { typ: 'JWT' }],
    ['that Keycloak calls a refresh token', { typ: 'Refresh' }, { typ: 'JWT' }],
    ['that is a logout token', { events: {} }, { typ: 'JWT' }],
    ['of another type', {}, { typ: 'logout+jwt' }],
    ['of an unknown type', {}, { typ: 'dpop+jwt' }],
    ['that is bound to a key (DPoP, mTLS)', { cnf: { jkt: 'x' } }, {}],
    ['whose groups are a text', { groups: 'admins' }, {}],
    ['whose groups are not all texts', { groups: ['a', { toString: 'admins' }] }, {}],
    ['with an extension that must be understood', {}, { crit: ['x'], x: 1 }],
  ])('%s is refused', async (_, claims, header) => {
    const changed = claims['iss'] === 'slash' ? { ...claims, iss: `${issuing.issuer}/` } : claims
    const token = await issuing.token(changed, header).catch(() => badlySigned(changed, header))
    const refusal = await refusalOf(token)
    expect(refusal.code).toBe('token_invalid')
    expect(`${refusal.message} ${String(refusal.cause)}`).not.toContain(token.slice(-20))
  })

  it.each<[string, Record<string, unknown>]>([
    ['points to groups elsewhere', { _claim_names: { groups: 'src1' } }],
    ['says that there are more groups', { hasgroups: true }],
    ['has more groups than are counted', { groups: Array.from({ length: 1_001 }, () => 'g') }],
  ])('that %s does not count, since rules could not be judged', async (_, claims) => {
    expect((await refusalOf(await issuing.token(claims))).code).toBe('groups_incomplete')
  })
})

/** What jose refuses to sign, signed by nobody. */
function badlySigned(claims: object, header: object): string {
  const honest = { iss: issuing.issuer, aud: AUDIENCE, sub: 'ci', exp: seconds() + 300 }
  return `${base64({ alg: 'ES256', kid: 'key-1', ...header })}.${base64({ ...honest, ...claims })}.AAAA`
}

describe('a signature', () => {
  const claims = () => ({ iss: issuing.issuer, aud: AUDIENCE, sub: 'ci', exp: seconds() + 300 })
  const signed = async (kid: string, extra: object = {}) =>
    new SignJWT(claims())
      .setProtectedHeader({ alg: 'ES256', kid, ...extra })
      .sign((await generateKeyPair('ES256')).privateKey)

  it.each<[string, () => Promise<string>]>([
    ['of alg none', async () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
    [
      'by HMAC under the public key',
      async () => {
        const input = `${base64({ alg: 'HS256', kid: 'key-1' })}.${base64(claims())}`
        return `${input}.${createHmac('sha256', JSON.stringify(issuing.jwk)).update(input).digest('base64url')}`
      },
    ],
    ['by a key that was never published', () => signed('key-1')],
    [
      'by a key that the token brings along',
      () => signed('key-1', { jwk: issuing.jwk, jku: 'http://evil.example/jwks' }),
    ],
    ['that is cut short', async () => (await issuing.token()).slice(0, -8)],
    ['that is missing', async () => (await issuing.token()).replace(/\.[^.]*$/, '')],
    ['over something that is no JSON', async () => `${base64({ alg: 'ES256' })}.bm90IGpzb24.AAAA`],
    ['on nothing at all', async () => 'opaque-token'],
  ])('%s is refused', async (_, make) => {
    expect((await refusalOf(await make())).code).toBe('token_invalid')
  })

  it('is asked about with the issuer that the route names alone', async () => {
    const foreign = await startTokenIssuer()
    try {
      const known = { groupsClaim: 'groups', allowPrivateAddresses: false }
      const both = { ci: { ...known, issuer: issuing.issuer }, other: { ...known, issuer: foreign.issuer } }
      const refusal = await refusalOf(await foreign.token(), createTokenIssuers(both, boundedFetch))
      expect(refusal.code).toBe('token_invalid')
      expect(foreign.requests).toEqual([])
    } finally {
      await foreign.close()
    }
  })
})

describe('keys', () => {
  it('are found at a configured address without discovery', async () => {
    await trusting({ jwks: `${issuing.issuer}/jwks` }).authenticate(await issuing.token(), BEARER)
    expect(issuing.requests).toEqual(['/realms/ci/jwks'])
  })

  it('are found by the metadata of RFC 8414 where there is no OpenID configuration', async () => {
    const metadata = { issuer: issuing.issuer, jwks_uri: `${issuing.issuer}/jwks` }
    issuing.answer = (path, honest) => {
      if (path === '/.well-known/oauth-authorization-server/realms/ci') return { status: 200, json: metadata }
      return path.endsWith('/jwks') ? honest : { status: 404, json: {} }
    }
    await issuers.authenticate(await issuing.token(), BEARER)
    expect(jwksRequests()).toBe(1)
  })

  it.each<[string, unknown]>([
    ['speaks for another issuer', { issuer: 'http://evil.localhost' }],
    ['leads to plain http', { jwks_uri: 'http://keys.example/jwks' }],
    ['leads to a file', { jwks_uri: 'file:///etc/passwd' }],
    ['leads nowhere', { jwks_uri: undefined }],
    ['is no object', []],
    ['is no JSON', '<html>'],
  ])('are not taken from a discovery document that %s (case 32)', async (_, json) => {
    const honest = { issuer: issuing.issuer, jwks_uri: `${issuing.issuer}/jwks` }
    const named = typeof json === 'object' && !Array.isArray(json) ? { ...honest, ...json } : json
    issuing.answer = (path, keys) => (path.includes('.well-known') ? { status: 200, json: named } : keys)
    expect((await refusalOf(await issuing.token())).code).toBe('provider_unreachable')
    expect(jwksRequests()).toBe(0)
  })

  it.each(['https://10.255.255.1/jwks', 'https://169.254.169.254/jwks', 'https://[fd00::1]/jwks'])(
    'at %s are not asked for without permission (case 37)',
    async (jwks) => {
      const by = trusting({ issuer: 'https://issuer.example', jwks })
      const refusal = await refusalOf(await issuing.token({ iss: 'https://issuer.example' }), by)
      expect(refusal.code).toBe('provider_unreachable')
      expect(inspect(refusal.cause)).toContain('ERR_PRIVATE_ADDRESS')
    },
  )

  it('are fetched once for many tokens at once, and no more for a flood of unknown key ids (case 38)', async () => {
    const good = await Promise.all(Array.from({ length: 20 }, (_, n) => issuing.token({ sub: `ci-${n}` })))
    await Promise.all(good.map((token) => issuers.authenticate(token, BEARER)))
    expect(jwksRequests()).toBe(1)
    const flood = await Promise.all(Array.from({ length: 50 }, (_, n) => issuing.token({}, { kid: `unknown-${n}` })))
    expect(new Set((await Promise.all(flood.map((token) => refusalOf(token)))).map(({ code }) => code))).toEqual(
      new Set(['token_invalid']),
    )
    expect(jwksRequests()).toBe(1)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    await Promise.all(flood.map((token) => refusalOf(token)))
    expect(jwksRequests()).toBe(2)
  })

  it('that cannot be had are not asked for again and again, and the issuer is believed when it is back', async () => {
    issuing.answer = () => ({ status: 500, json: {} })
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => issuing.token({ sub: `ci-${n}` })))
    for (const token of tokens) expect((await refusalOf(token)).code).toBe('provider_unreachable')
    expect(issuing.requests.length).toBe(2)
    issuing.answer = (_path, honest) => honest
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 })
    expect((await issuers.authenticate(tokens[0] ?? '', BEARER)).name).toBe('ci-0')
  })

  it('count for an hour while their issuer does not answer', async () => {
    const token = (minutes: number) => issuing.token({ exp: seconds() + 7_200, jti: minutes })
    const later = [await token(30), await token(90)]
    await issuers.authenticate(await issuing.token(), BEARER)
    issuing.answer = () => undefined
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 60_000 })
    expect((await issuers.authenticate(later[0] ?? '', BEARER)).name).toBe('ci')
    vi.setSystemTime(Date.now() + 60 * 60_000)
    expect((await refusalOf(later[1] ?? '')).code).toBe('provider_unreachable')
  })
})

describe('a verdict', () => {
  it('is kept for one route’s audience, and never beyond the token’s expiry', async () => {
    const token = await issuing.token({ exp: seconds() + 100 })
    expect(await issuers.authenticate(token, BEARER)).toBe(await issuers.authenticate(token, BEARER))
    expect((await refusalOf(token, issuers, [{ tokenIssuer: 'ci', audience: 'https://other.example' }])).code).toBe(
      'token_invalid',
    )
    expect((await refusalOf(token, issuers, [])).code).toBe('token_invalid')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 161_000 })
    expect((await refusalOf(token)).code).toBe('token_invalid')
  })

  it('is asked for again after five minutes, so that a withdrawn key shows', async () => {
    const token = await issuing.token({ exp: seconds() + 7_200 })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    await issuers.authenticate(token, BEARER)
    issuing.answer = (path, honest) => (path.endsWith('/jwks') ? { status: 200, json: { keys: [] } } : honest)
    vi.setSystemTime(Date.now() + 11 * 60_000)
    expect((await refusalOf(token)).code).toBe('token_invalid')
  })
})
