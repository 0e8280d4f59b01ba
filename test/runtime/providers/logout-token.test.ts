import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createProvider, type Provider } from '../../../runtime/providers/index.ts'
import {
  type Claims,
  CREDENTIAL,
  type EvilProvider,
  macWithPublicKey,
  providerConfig,
  relyingParty,
  signingKey,
  startEvilProvider,
  unsigned,
} from '../../support/evil-provider/index.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

let provider: EvilProvider
let gateway: Provider
beforeAll(async () => {
  provider = await startEvilProvider()
  gateway = relyingParty(provider.issuer)
})
afterAll(() => provider.close())

const now = () => Math.floor(Date.now() / 1000)

function honest(change: Claims = {}): Claims {
  const claims = {
    iss: provider.issuer,
    aud: 'gateway-client',
    iat: now(),
    exp: now() + 120,
    jti: 'jti-1',
    sub: 'alice',
  }
  const merged = { ...claims, sid: 'sid-1', events: { [EVENT]: {} }, ...change }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))
}

describe('a logout token', () => {
  it.each<[string, Claims, object]>([
    ['with sid and sub means the session', {}, { sid: 'sid-1' }],
    ['with sid alone means the session', { sub: undefined }, { sid: 'sid-1' }],
    ['with sub alone means the person', { sid: undefined }, { subject: 'alice' }],
    ['for several clients is for us as well', { aud: ['x', 'gateway-client'] }, { sid: 'sid-1' }],
    ['without exp is as good as it is young', { exp: undefined }, { sid: 'sid-1' }],
    ['of a minute ahead of our clock is taken', { iat: now() + 40 }, { sid: 'sid-1' }],
    ['may tell of other things besides', { events: { [EVENT]: {}, other: {} } }, { sid: 'sid-1' }],
  ])('%s', async (_, change, who) => {
    const notice = await gateway.verifyLogoutToken(await provider.key.sign(honest(change)))
    expect(notice).toMatchObject({ issuer: provider.issuer, who, jti: 'jti-1' })
  })

  it.each([undefined, 'JWT', 'logout+jwt', 'LOGOUT+JWT', 'application/logout+jwt'])('has the type %s', async (typ) => {
    const token = await provider.key.sign(honest(), typ === undefined ? {} : { typ })
    await expect(gateway.verifyLogoutToken(token)).resolves.toBeDefined()
  })

  it('is to be remembered for as long as it could come back', async () => {
    for (const change of [{}, { exp: now() + 86_400 }, { exp: undefined }, { iat: now() - 250 }]) {
      const claims = honest(change)
      const { expiresAt } = await gateway.verifyLogoutToken(await provider.key.sign(claims))
      expect(expiresAt).toBeGreaterThan((Number(claims['iat']) + 360) * 1_000)
    }
  })

  it('is one for each client that we are', async () => {
    const other = { ...CREDENTIAL, clientId: 'next-client' }
    const both = createProvider('acme', providerConfig(provider.issuer), [other, CREDENTIAL])
    for (const aud of ['gateway-client', 'next-client']) {
      await expect(both.verifyLogoutToken(await provider.key.sign(honest({ aud })))).resolves.toBeDefined()
    }
  })
})

describe('no logout token', () => {
  it.each<[string, Claims]>([
    ['has a nonce', { nonce: 'x' }],
    ['has an empty nonce', { nonce: null }],
    ['has another issuer', { iss: 'https://evil.example' }],
    ['has no issuer', { iss: undefined }],
    ['has another audience', { aud: 'another-client' }],
    ['has no audience', { aud: undefined }],
    ['has no time', { iat: undefined }],
    ['is ten minutes old', { iat: now() - 600 }],
    ['is of the future', { iat: now() + 600 }],
    ['has expired', { exp: now() - 120 }],
    ['has an expiry that is a text', { exp: 'tomorrow' }],
    ['has no jti', { jti: undefined }],
    ['has an empty jti', { jti: '' }],
    ['has a jti longer than any', { jti: 'x'.repeat(256) }],
    ['has no events', { events: undefined }],
    ['has other events', { events: { 'http://schemas.openid.net/event/other': {} } }],
    ['has a list of events', { events: [EVENT] }],
    ['has an event that is a text', { events: { [EVENT]: 'yes' } }],
    ['has an event that is a list', { events: { [EVENT]: [] } }],
    ['names nobody', { sub: undefined, sid: undefined }],
    ['names somebody by a number', { sub: 7 }],
    ['names a session by nothing', { sid: '' }],
  ])('%s', async (_, change) => {
    const token = await provider.key.sign(honest(change))
    await expect(gateway.verifyLogoutToken(token)).rejects.toMatchObject({ code: 'logout_token_invalid' })
  })

  it.each<[string, () => Promise<string> | string]>([
    ['nobody signed', () => unsigned(honest())],
    ['is signed with the public key', () => macWithPublicKey(honest(), provider.key.jwk, 'pem')],
    ['is signed by another', async () => (await signingKey('key-2')).sign(honest(), { kid: 'key-1' })],
    ['is an access token by its type', () => provider.key.sign(honest(), { typ: 'at+jwt' })],
    ['is longer than any', () => provider.key.sign(honest({ padding: 'x'.repeat(17_000) }))],
    ['is one', () => 'x.y.z'],
    ['is empty', () => ''],
  ])('%s', async (_, token) => {
    await expect(gateway.verifyLogoutToken(await token())).rejects.toMatchObject({ code: 'logout_token_invalid' })
  })
})
