import { generateKeyPairSync } from 'node:crypto'

import { expect, it } from 'vitest'

import { countSigningKeys, metadataProblems } from '../../../runtime/connection-test/metadata.ts'

const good = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
  jwks_uri: 'https://keys.example/jwks',
  response_types_supported: ['code', 'id_token'],
  id_token_signing_alg_values_supported: ['HS256', 'ES256'],
}

it('finds nothing wrong with a document that has all', () => {
  expect(metadataProblems(good)).toEqual([])
})

it('does not ask for what Discovery lets a provider leave out in practice', () => {
  const { response_types_supported: _, id_token_signing_alg_values_supported: __, ...bare } = good
  expect(metadataProblems(bare)).toEqual([])
})

it.each([
  ['authorization_endpoint', undefined],
  ['authorization_endpoint', 'http://idp.example/authorize'],
  ['authorization_endpoint', 'http://localhost:8080/authorize'],
  ['token_endpoint', 'javascript:alert(1)'],
  ['token_endpoint', 7],
  ['jwks_uri', 'not an address'],
  ['jwks_uri', 'https://someone:password@idp.example/jwks'],
  ['response_types_supported', ['id_token']],
  ['response_types_supported', 'code'],
  ['id_token_signing_alg_values_supported', ['HS256', 'none']],
])('names %s where it is %j', (name, value) => {
  expect(metadataProblems({ ...good, [name]: value })).toEqual([expect.stringContaining(name)])
})

it('counts the keys that can check a signature, and no others', () => {
  const jwk = (type: 'ec' | 'ed25519') =>
    (type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519')
    ).publicKey.export({
      format: 'jwk',
    })
  const damaged = { ...jwk('ec'), x: 'AA' }
  const shared = { kty: 'oct', k: 'c2VjcmV0' }
  const keys = [jwk('ec'), { ...jwk('ed25519'), use: 'sig' }, { ...jwk('ec'), use: 'enc' }, damaged, shared]
  expect(countSigningKeys({ keys })).toBe(2)
  expect(countSigningKeys({ keys: [] })).toBe(0)
})

it.each([[undefined], [null], [[]], [{}], [{ keys: 'none' }], [{ keys: [{}] }]])(
  'takes %j for no set of keys',
  (body) => {
    expect(countSigningKeys(body)).toBeUndefined()
  },
)
