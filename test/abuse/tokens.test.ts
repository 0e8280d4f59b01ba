import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Provider, SignInWishes } from '../../runtime/providers/index.ts'
import {
  type Bends,
  type Claims,
  type EvilProvider,
  LOGIN_URL,
  macWithPublicKey,
  relyingParty,
  signingKey,
  signInAt,
  startEvilProvider,
  unsigned,
  visit,
} from '../support/evil-provider/index.ts'

let evil: EvilProvider
let gateway: Provider
beforeAll(async () => {
  evil = await startEvilProvider()
})
beforeEach(() => {
  evil.reset()
  gateway = relyingParty(evil.issuer)
})
afterEach(() => evil.reset())
afterAll(() => evil.close())

const now = () => Math.floor(Date.now() / 1000)

/** A whole sign-in ends with this code, and the access token was shown to nobody. */
async function expectRefused(code: string, wishes: SignInWishes = {}): Promise<void> {
  await expect(signInAt(gateway, wishes)).rejects.toMatchObject({ name: 'Refusal', code })
  expect(evil.count('/userinfo')).toBe(0)
}

it('honest answers are taken: what follows is refused for its own reason', async () => {
  const { issuer, subject, person } = await signInAt(gateway)
  expect({ issuer, subject, person }).toMatchObject({
    issuer: evil.issuer,
    subject: 'alice',
    person: { email: 'alice@acme.example', groups: ['staff'] },
  })
})

describe('28. an ID token that its provider did not sign', () => {
  it.each<[string, Bends['idToken']]>([
    ['alg none', (claims) => unsigned(claims)],
    ['alg None', (claims) => unsigned(claims, { alg: 'None' })],
    ['alg none with a kid', (claims) => unsigned(claims, { kid: 'key-1' })],
    ['no alg at all', (claims) => unsigned(claims, { alg: undefined })],
    ['alg none and a signature', async (claims, key) => unsigned(claims) + (await key.sign(claims)).split('.')[2]],
    ['HS256 with the public key as PEM', (claims, { jwk }) => macWithPublicKey(claims, jwk, 'pem')],
    ['HS256 with the public key as DER', (claims, { jwk }) => macWithPublicKey(claims, jwk, 'der')],
    ['HS256 with the public key as a JWK', (claims, { jwk }) => macWithPublicKey(claims, jwk, 'jwk')],
    ['HS256 with the modulus', (claims, { jwk }) => macWithPublicKey(claims, jwk, 'modulus')],
    ['another key of the same name', async (claims) => (await signingKey('key-2')).sign(claims, { kid: 'key-1' })],
    ['another key by its own name', async (claims) => (await signingKey('key-2')).sign(claims)],
    ['a signature of another token', async (claims, key) => graft(claims, await key.sign({ ...claims, sub: 'bob' }))],
    ['no signature', async (claims, key) => (await key.sign(claims)).replace(/[^.]*$/, '')],
    ['two parts', async (claims, key) => (await key.sign(claims)).replace(/\.[^.]*$/, '')],
    ['five parts', async (claims, key) => `${await key.sign(claims)}.x.y`],
    ['an unknown critical header', (claims, key) => key.sign(claims, { crit: ['b64'], b64: true })],
  ])('%s', async (_, idToken) => {
    evil.bends.idToken = idToken
    await expectRefused('provider_answer_invalid')
  })

  it('a key that the token brings along', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const jwk = await exportJWK(publicKey)
    evil.bends.idToken = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1', jwk }).sign(privateKey)
    await expectRefused('provider_answer_invalid')
  })

  it('is refused as well where the discovery document allows what must never be', async () => {
    evil.bends.discovery = (d) => ({ ...d, id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'] })
    evil.bends.idToken = (claims) => unsigned(claims)
    await expectRefused('provider_answer_invalid')
    evil.bends.idToken = (claims, { jwk }) => macWithPublicKey(claims, jwk, 'pem')
    await expectRefused('provider_answer_invalid')
  })

  it('is refused as well when the key set has the shared secret in it', async () => {
    evil.bends.keys = () => [{ kty: 'oct', kid: 'key-1', k: 'c2VjcmV0', alg: 'HS256' }]
    evil.bends.idToken = (claims, { jwk }) => macWithPublicKey(claims, jwk, 'pem')
    await expectRefused('provider_answer_invalid')
  })
})

/** One token's claims under another one's signature. */
function graft(claims: Claims, token: string): string {
  const [header, , signature] = token.split('.')
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
}

const without = (claims: Claims, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

describe('29. an ID token whose claims are not ours', () => {
  it.each<[string, (claims: Claims) => Claims]>([
    ['another audience', (claims) => ({ ...claims, aud: 'another-client' })],
    ['audiences without us', (claims) => ({ ...claims, aud: ['a', 'b'], azp: 'gateway-client' })],
    ['no audience', (claims) => without(claims, 'aud')],
    ['an audience that is no text', (claims) => ({ ...claims, aud: { 'gateway-client': true } })],
    ['an empty list of audiences', (claims) => ({ ...claims, aud: [] })],
    ['several audiences without azp', (claims) => ({ ...claims, aud: ['gateway-client', 'x'] })],
    ['several audiences and another azp', (claims) => ({ ...claims, aud: ['gateway-client', 'x'], azp: 'x' })],
    ['our audience and another azp', (claims) => ({ ...claims, azp: 'x' })],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['the issuer with a slash', (claims) => ({ ...claims, iss: `${String(claims['iss'])}/` })],
    ['no issuer', (claims) => without(claims, 'iss')],
    ['another nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['no nonce', (claims) => without(claims, 'nonce')],
    ['a nonce in a list', (claims) => ({ ...claims, nonce: [claims['nonce']] })],
    ['no expiry', (claims) => without(claims, 'exp')],
    ['an expiry that is a text', (claims) => ({ ...claims, exp: String(now() + 300) })],
    ['no time of issue', (claims) => without(claims, 'iat')],
    ['no subject', (claims) => without(claims, 'sub')],
    ['an empty subject', (claims) => ({ ...claims, sub: '' })],
    ['a subject with a control character', (claims) => ({ ...claims, sub: 'ali\u0000ce' })],
    ['a subject that is a number', (claims) => ({ ...claims, sub: 7 })],
    ['a subject longer than any', (claims) => ({ ...claims, sub: 'x'.repeat(256) })],
    ['the hash of another access token', (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    ['a hash that is no text', (claims) => ({ ...claims, at_hash: 7 })],
  ])('%s', async (_, claims) => {
    evil.bends.claims = claims
    await expectRefused('provider_answer_invalid')
  })

  it.each<[string, (claims: Claims) => Claims]>([
    ['expired', (claims) => ({ ...claims, exp: now() - 600 })],
    ['not valid yet', (claims) => ({ ...claims, nbf: now() + 600 })],
    ['issued in the future', (claims) => ({ ...claims, iat: now() + 600, exp: now() + 900 })],
  ])('%s: it may be the clock', async (_, claims) => {
    evil.bends.claims = claims
    await expectRefused('clock_skew')
  })

  it('no ID token at all', async () => {
    evil.bends.grant = (honest) => without(honest, 'id_token')
    await expectRefused('provider_answer_invalid')
  })

  it.each<[string, SignInWishes, Claims]>([
    ['no auth_time where max_age was asked for', { maxAgeSeconds: 300 }, {}],
    ['an auth_time too long ago', { maxAgeSeconds: 300 }, { auth_time: now() - 600 }],
    ['an auth_time in the future', { maxAgeSeconds: 300 }, { auth_time: now() + 600 }],
    ['an auth_time in milliseconds', { maxAgeSeconds: 300 }, { auth_time: Date.now() }],
    ['no acr where one was asked for', { acrValues: ['gold', 'silver'] }, {}],
    ['another acr', { acrValues: ['gold', 'silver'] }, { acr: 'bronze' }],
    ['a list of acr', { acrValues: ['gold'] }, { acr: ['gold'] }],
    ['part of an acr', { acrValues: ['gold'] }, { acr: 'gold silver' }],
  ])('%s: the sign-in was not what was asked for', async (_, wishes, claims) => {
    evil.bends.person = { ...evil.bends.person, ...claims }
    await expectRefused('step_up_failed', wishes)
  })
})

describe('30. userinfo about somebody else', () => {
  it.each<[string, unknown]>([
    ['another subject', { sub: 'mallory', groups: ['admins'] }],
    ['no subject', { groups: ['admins'] }],
    ['a subject in a list', { sub: ['alice'], groups: ['admins'] }],
    ['another spelling', { sub: 'Alice', groups: ['admins'] }],
    ['a list of people', [{ sub: 'alice', groups: ['admins'] }]],
  ])('%s', async (_, userinfo) => {
    evil.bends.claims = (claims) => without(claims, 'groups')
    evil.bends.userinfo = () => userinfo
    await expect(signInAt(gateway)).rejects.toMatchObject({ code: 'provider_answer_invalid' })
  })
})

describe('31. an answer of another server (mix-up)', () => {
  it.each<[string, Bends['callback'], string]>([
    ['no iss', (a) => Object.entries(a).filter(([name]) => name !== 'iss'), 'provider_answer_invalid'],
    ['an empty iss', (a) => Object.entries({ ...a, iss: '' }), 'provider_answer_invalid'],
    ['another iss', (a) => Object.entries({ ...a, iss: 'https://honest.example' }), 'provider_answer_invalid'],
    ['an iss with a slash', (a) => Object.entries({ ...a, iss: `${a['iss']}/` }), 'provider_answer_invalid'],
    ['two iss', (a) => [...Object.entries(a), ['iss', a['iss'] ?? '']], 'request_malformed'],
    [
      'an error by another server',
      ({ state = '' }) => Object.entries({ error: 'access_denied', state, iss: 'https://honest.example' }),
      'provider_answer_invalid',
    ],
  ])('%s: the code goes nowhere', async (_, callback, code) => {
    evil.bends.callback = callback
    await expectRefused(code)
    expect(evil.heard.grants).toEqual([])
  })

  it('another iss is refused where none was announced, too', async () => {
    evil.bends.discovery = ({ authorization_response_iss_parameter_supported: _dropped, ...d }) => d
    evil.bends.callback = (a) => Object.entries({ ...a, iss: 'https://honest.example' })
    await expectRefused('provider_answer_invalid')
    expect(evil.heard.grants).toEqual([])
  })
})

describe('32. a discovery document of another issuer', () => {
  it.each<[string, (d: Record<string, unknown>) => unknown]>([
    ['another issuer', (d) => ({ ...d, issuer: 'https://honest.example' })],
    ['a slash more', (d) => ({ ...d, issuer: `${String(d['issuer'])}/` })],
    ['another spelling', (d) => ({ ...d, issuer: String(d['issuer']).replace('http:', 'HTTP:') })],
    ['a port more', (d) => ({ ...d, issuer: `${String(d['issuer'])}:80` })],
    ['Entra’s placeholder', (d) => ({ ...d, issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' })],
    ['no issuer', ({ issuer: _dropped, ...d }) => d],
    ['an issuer in a list', (d) => ({ ...d, issuer: [d['issuer']] })],
    ['a list', (d) => [d]],
    ['no token endpoint', ({ token_endpoint: _dropped, ...d }) => d],
    ['a token endpoint without TLS', (d) => ({ ...d, token_endpoint: 'http://idp.example/token' })],
    ['keys in a file', (d) => ({ ...d, jwks_uri: 'file:///etc/keys' })],
    ['a script as authorization endpoint', (d) => ({ ...d, authorization_endpoint: 'javascript:alert(1)' })],
  ])('%s: nobody is sent there', async (_, discovery) => {
    evil.bends.discovery = discovery
    await expect(gateway.beginSignIn(LOGIN_URL, {})).rejects.toMatchObject({ code: 'provider_answer_invalid' })
    evil.bends.discovery = (honest) => honest
    expect((await gateway.beginSignIn(LOGIN_URL, {})).url.origin).toBe(evil.issuer)
  })
})

describe('33. PKCE', () => {
  it.each<[string, unknown]>([
    ['says nothing of it', undefined],
    ['announces plain alone', ['plain']],
    ['announces none', []],
  ])('is S256 also at a provider that %s', async (_, methods) => {
    evil.bends.discovery = (d) => ({ ...d, code_challenge_methods_supported: methods })
    await signInAt(gateway)
    expect(evil.heard.authorizations[0]?.get('code_challenge_method')).toBe('S256')
    expect(evil.heard.grants[0]?.get('code_verifier')).toMatch(/^[\w-]{43,128}$/)
  })

  it('that is ignored leaves the nonce: an injected code of another sign-in is refused', async () => {
    evil.bends.checksPkce = false
    const victim = await visit((await gateway.beginSignIn(LOGIN_URL, {})).url)
    const { url, checks } = await gateway.beginSignIn(LOGIN_URL, {})
    const own = await visit(url)
    own.searchParams.set('code', victim.searchParams.get('code') ?? '')
    await expect(gateway.finishSignIn(LOGIN_URL, { query: own.search }, checks)).rejects.toMatchObject({
      code: 'provider_answer_invalid',
    })
  })

  it('a verifier is another each time, and a code of another request is refused by it', async () => {
    const victim = await visit((await gateway.beginSignIn(LOGIN_URL, {})).url)
    const { url, checks } = await gateway.beginSignIn(LOGIN_URL, {})
    const own = await visit(url)
    own.searchParams.set('code', victim.searchParams.get('code') ?? '')
    await expect(gateway.finishSignIn(LOGIN_URL, { query: own.search }, checks)).rejects.toMatchObject({
      code: 'provider_answer_invalid',
    })
    const challenges = evil.heard.authorizations.map((asked) => asked.get('code_challenge'))
    expect(new Set(challenges).size).toBe(2)
  })

  it('a client that has nothing else does not begin at a provider that does without S256', async () => {
    const { createProvider } = await import('../../runtime/providers/index.ts')
    evil.bends.discovery = (d) => ({ ...d, code_challenge_methods_supported: ['plain'] })
    const open = { name: 'first', clientId: 'gateway-client', proof: { kind: 'none' } } as const
    const publicClient = createProvider('acme', { ...gateway.config, authMethod: 'none' }, [open])
    await expect(publicClient.beginSignIn(LOGIN_URL, {})).rejects.toMatchObject({ code: 'provider_answer_invalid' })
    expect(evil.heard.authorizations).toEqual([])
  })
})

describe('37. addresses inside the network (SSRF)', () => {
  const PRIVATE = [
    'https://169.254.169.254/latest/',
    'https://127.0.0.1:8443/',
    'https://localhost:8443/',
    'https://10.0.0.1/',
    'https://[::1]:8443/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0/',
    'https://idp.localhost:8443/',
  ]
  it.each(PRIVATE)('a provider that says nothing else is not asked at %s: for tokens, for keys', async (address) => {
    const authorization = 'https://idp.example/authorize'
    const endpoints = { authorization, token: address, jwks: `${address}keys` }
    const refused = relyingParty('https://idp.example', { endpoints })
    const { checks } = await refused.beginSignIn(LOGIN_URL, {})
    const query = `code=x&state=${checks.state}`
    const refusal = { code: 'provider_unreachable', message: 'acme could not be asked (ERR_PRIVATE_ADDRESS)' }
    await expect(refused.finishSignIn(LOGIN_URL, { query }, checks)).rejects.toMatchObject(refusal)
    await expect(refused.verifyLogoutToken(await evil.key.sign({}))).rejects.toMatchObject(refusal)
  })

  it.each(['https://10.0.0.1', 'https://169.254.169.254', 'https://[fd00::1]'])(
    'an issuer at %s needs a permission',
    async (issuer) => {
      const refusal = { code: 'provider_unreachable', message: 'acme could not be asked (ERR_PRIVATE_ADDRESS)' }
      await expect(relyingParty(issuer).beginSignIn(LOGIN_URL, {})).rejects.toMatchObject(refusal)
    },
  )

  it.each<[string, Bends['wire']]>([
    ['discovery', (path) => (path.startsWith('/.well-known') ? redirect : undefined)],
    ['the token endpoint', (path) => (path === '/token' ? redirect : undefined)],
    ['the keys', (path) => (path === '/jwks' ? redirect : undefined)],
    ['userinfo', (path) => (path === '/userinfo' ? redirect : undefined)],
  ])('a redirect of %s is not followed', async (_, wire) => {
    evil.bends.claims = (claims) => without(claims, 'groups')
    evil.bends.wire = wire
    await expect(signInAt(gateway)).rejects.toMatchObject({ name: 'Refusal' })
    expect(evil.count('/elsewhere')).toBe(0)
  })
  const redirect = { status: 302, headers: { location: '/elsewhere' } }

  it.each<[string, 'huge' | 'bomb']>([
    ['large', 'huge'],
    ['large once it is unpacked', 'bomb'],
  ])('an answer that is %s is not read to its end', async (_, fault) => {
    evil.bends.wire = (path) => (path === '/token' ? fault : undefined)
    await expectRefused('provider_answer_invalid')
  })

  it.each<[string, string]>([
    ['never comes', 'hang'],
    ['breaks off', 'break'],
  ])('an answer that %s holds nobody up', async (_, fault) => {
    gateway = relyingParty(evil.issuer, {}, 1_000)
    evil.bends.wire = (path) => (path === '/token' ? (fault as 'hang' | 'break') : undefined)
    await expectRefused('provider_unreachable')
  })
})

describe('38. a flood of unknown key ids', () => {
  const TOKENS = 40

  it('in ID tokens, one after the other and at once, fetches the keys once', async () => {
    evil.bends.idToken = (claims, key) => key.sign(claims, { kid: `unknown-${Math.random()}` })
    const refused = () => expect(signInAt(gateway)).rejects.toMatchObject({ code: 'provider_answer_invalid' })
    await Promise.all(Array.from({ length: TOKENS / 2 }, refused))
    for (let left = TOKENS / 2; left > 0; left -= 1) await refused()
    expect(evil.heard.grants.length).toBe(TOKENS)
    expect(evil.count('/jwks')).toBe(1)
  })

  it('in logout tokens fetches the keys once, together with ID tokens', async () => {
    await signInAt(gateway)
    const claims = { iss: evil.issuer, aud: 'gateway-client', iat: now(), jti: 'x', sub: 'alice', events: {} }
    const refused = async (_: unknown, index: number) => {
      const token = await evil.key.sign(claims, { kid: `unknown-${index}` })
      await expect(gateway.verifyLogoutToken(token)).rejects.toMatchObject({ code: 'logout_token_invalid' })
    }
    await Promise.all(Array.from({ length: TOKENS }, refused))
    expect(evil.count('/jwks')).toBe(1)
  })

  it('while the keys cannot be had asks for them once', async () => {
    evil.bends.wire = (path) => (path === '/jwks' ? { status: 503 } : undefined)
    const token = await evil.key.sign({ iss: evil.issuer })
    const refused = () =>
      expect(gateway.verifyLogoutToken(token)).rejects.toMatchObject({ code: 'provider_unreachable' })
    await Promise.all(Array.from({ length: TOKENS }, refused))
    await refused()
    expect(evil.count('/jwks')).toBe(1)
  })
})

describe('40. a parameter of the way back that is there twice', () => {
  it.each<[string, Bends['callback']]>([
    ['code', (a) => [...Object.entries(a), ['code', 'other']]],
    ['the same code', (a) => [...Object.entries(a), ['code', a['code'] ?? '']]],
    ['state', (a) => [...Object.entries(a), ['state', a['state'] ?? '']]],
    ['iss', (a) => [...Object.entries(a), ['iss', a['iss'] ?? '']]],
    ['an unknown one', (a) => [...Object.entries(a), ['session_state', '1'], ['session_state', '2']]],
  ])('%s: the code goes nowhere, by query and by form', async (_, callback) => {
    evil.bends.callback = callback
    await expectRefused('request_malformed')
    const { url, checks } = await gateway.beginSignIn(LOGIN_URL, {})
    const form = new URLSearchParams((await visit(url)).search)
    await expect(gateway.finishSignIn(LOGIN_URL, { form }, checks)).rejects.toMatchObject({ code: 'request_malformed' })
    expect(evil.heard.grants).toEqual([])
  })
})
