import { calculateJwkThumbprint, decodeProtectedHeader, exportJWK, generateKeyPair, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { IdentityProviderConfig } from '../../../runtime/config.ts'
import { type ClientCredential, createProvider, type Provider } from '../../../runtime/providers/index.ts'
import { CREDENTIAL, LOGIN_URL, providerConfig } from '../../support/evil-provider/index.ts'
import { browse, type HonestProvider, startHonestProvider } from '../../support/evil-provider/oidc-provider.ts'

const SECRET = 'client-secret-value-with-reserved:+%/characters'
const WRONG: ClientCredential['proof'] = { kind: 'secret', secret: 'client-secret-value-of-yesterday' }

let keys: Record<'ecdsa' | 'rsa' | 'stranger', JWK>
let honest: HonestProvider
beforeAll(async () => {
  keys = { ecdsa: await makeKey('ES256'), rsa: await makeKey('RS256'), stranger: await makeKey('ES256') }
  const jwks = { keys: await Promise.all([publicOf(keys.ecdsa), publicOf(keys.rsa)]) }
  const both = { token_endpoint_auth_method: 'private_key_jwt', jwks } as const
  honest = await startHonestProvider(
    [
      { client_id: 'post', client_secret: SECRET, token_endpoint_auth_method: 'client_secret_post' },
      { client_id: 'basic', client_secret: SECRET, token_endpoint_auth_method: 'client_secret_basic' },
      { client_id: 'es256', ...both, token_endpoint_auth_signing_alg: 'ES256' },
      { client_id: 'rs256', ...both, token_endpoint_auth_signing_alg: 'RS256' },
      { client_id: 'open', token_endpoint_auth_method: 'none' },
    ],
    `${LOGIN_URL}/callback/acme`,
  )
})
afterAll(() => honest.close())

async function makeKey(alg: string): Promise<JWK> {
  return { ...(await exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey)), alg }
}

/** As it is registered: by the name that a key gives itself (RFC 7638). */
async function publicOf({ kty, crv, x, y, n, e, alg }: JWK): Promise<JWK> {
  const jwk = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }
  return { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) }
}

function party(
  authMethod: IdentityProviderConfig['authMethod'],
  clientId: string,
  ...proofs: ClientCredential['proof'][]
) {
  const [first, ...others] = proofs.map((proof, index) => ({ name: `n${index + 1}`, clientId, proof }))
  const config = providerConfig(honest.issuer, {
    authMethod,
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
  })
  return createProvider('acme', config, [first ?? CREDENTIAL, ...others])
}

async function signIn(provider: Provider) {
  const { url, checks } = await provider.beginSignIn(LOGIN_URL, {})
  const callback = await browse(url)
  return provider.finishSignIn(LOGIN_URL, { query: callback.search }, checks)
}

describe('a client that proves itself, at a provider that is not ours', () => {
  it.each<[IdentityProviderConfig['authMethod'], string, () => ClientCredential['proof'][]]>([
    ['client_secret_post', 'post', () => [{ kind: 'secret', secret: SECRET }]],
    ['client_secret_basic', 'basic', () => [{ kind: 'secret', secret: SECRET }]],
    ['private_key_jwt', 'es256', () => [{ kind: 'key', jwk: keys.ecdsa }]],
    ['private_key_jwt', 'rs256', () => [{ kind: 'key', jwk: keys.rsa }]],
    ['none', 'open', () => [{ kind: 'none' }]],
    ['client_secret_post', 'post', () => [WRONG, { kind: 'secret', secret: SECRET }]],
    ['client_secret_basic', 'basic', () => [WRONG, { kind: 'secret', secret: SECRET }]],
    [
      'private_key_jwt',
      'es256',
      () => [
        { kind: 'key', jwk: keys.stranger },
        { kind: 'key', jwk: keys.ecdsa },
      ],
    ],
  ])('by %s as %s signs people in and is given new tokens', async (method, clientId, proofs) => {
    const provider = party(method, clientId, ...proofs())
    const signedIn = await signIn(provider)
    expect(signedIn.person).toMatchObject({ email: 'alice@acme.example', groups: ['staff'] })
    const renewed = await party(method, clientId, ...proofs()).refresh(signedIn.tokens, signedIn)
    expect(renewed).toMatchObject({ outcome: 'renewed', person: signedIn.person })
  })

  it('is told apart from one that proves nothing, in sign-in and in refresh', async () => {
    const signedIn = await signIn(party('client_secret_post', 'post', { kind: 'secret', secret: SECRET }))
    const stranger = party('client_secret_post', 'post', WRONG, {
      ...WRONG,
      secret: 'client-secret-value-of-last-year',
    })
    await expect(signIn(stranger)).rejects.toMatchObject({
      code: 'client_refused',
      message: 'acme takes none of our client credentials (tried: n1, n2)',
    })
    const refused = await stranger.refresh(signedIn.tokens, signedIn)
    expect(refused).toMatchObject({ outcome: 'unreachable', processed: 'no' })
    expect(JSON.stringify(refused)).toContain('client_refused')
    expect(JSON.stringify(refused)).not.toContain('client-secret-value')
  })
})

describe('a signed assertion', () => {
  it('names its key by the name that it has, or by its thumbprint (RFC 7638), and its audience by the issuer', async () => {
    const { clientAuthentication } = await import('../../../runtime/providers/client-authentication.ts')
    const assertion = async (jwk: JWK, audience?: string) => {
      const authenticate = await clientAuthentication(
        'private_key_jwt',
        { ...CREDENTIAL, proof: { kind: 'key', jwk } },
        audience,
      )
      const body = new URLSearchParams()
      const done: unknown = authenticate({ issuer: 'https://idp.example' }, { client_id: 'es256' }, body, new Headers())
      await done
      return body.get('client_assertion') ?? ''
    }
    expect(decodeProtectedHeader(await assertion({ ...keys.ecdsa, kid: 'mine' }))).toEqual({
      alg: 'ES256',
      kid: 'mine',
    })
    const thumbprint = await calculateJwkThumbprint(keys.ecdsa)
    expect(decodeProtectedHeader(await assertion(keys.ecdsa)).kid).toBe(thumbprint)
    expect(decodeProtectedHeader(await assertion({ ...keys.rsa, alg: 'PS256' })).alg).toBe('PS256')
    const payload = (token: string) => Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    expect(payload(await assertion(keys.ecdsa))).toContain('"aud":"https://idp.example"')
    expect(payload(await assertion(keys.ecdsa, 'https://idp.example/t'))).toContain('"aud":"https://idp.example/t"')
  })

  it.each<[string, () => ClientCredential]>([
    [
      'a public key',
      () => ({ ...CREDENTIAL, proof: { kind: 'key', jwk: { ...keys.ecdsa, d: undefined } as unknown as JWK } }),
    ],
    ['a shared key', () => ({ ...CREDENTIAL, proof: { kind: 'key', jwk: { kty: 'oct', k: 'c2VjcmV0' } } })],
    ['no key', () => ({ ...CREDENTIAL, proof: { kind: 'key', jwk: {} } })],
    ['an empty secret', () => ({ ...CREDENTIAL, proof: { kind: 'secret', secret: '' } })],
    ['no client id', () => ({ ...CREDENTIAL, clientId: '' })],
  ])('cannot be made with %s, which is said at once and without it', (_, credential) => {
    const make = () => createProvider('acme', providerConfig('https://idp.example'), [credential()])
    expect(make).toThrow(TypeError)
    expect(make).not.toThrow(/c2VjcmV0/)
  })
})
