import { describe, expect, it } from 'vitest'

import { type Properties, UNKNOWN } from '../../../infra/provider/properties.ts'
import { resourceTypes } from '../../../infra/provider/resource-types.ts'

const checked = Object.fromEntries(
  await Promise.all(
    ['key:Secret', 'key:Signing', 'local:Process', 'oidc:Client'].map(async (type) => {
      const found = await resourceTypes[`gatewright-native:${type}`]?.()
      return [type, (inputs: Properties) => found?.check(inputs)] as const
    }),
  ),
)

const check = (type: string, inputs: Properties) => checked[type]?.(inputs)?.failures.map((failure) => failure.property)

const client = {
  issuer: 'https://idp.example',
  clientName: 'Gatewright',
  redirectUris: ['https://login.example/callback/okta'],
  postLogoutRedirectUris: [],
  grantTypes: ['authorization_code'],
  tokenEndpointAuthMethod: 'client_secret_post',
}

const program = {
  folder: '/srv/gateway',
  command: ['node', '/srv/gateway.mjs'],
  config: {},
  secrets: {},
  readyUrl: 'http://127.0.0.1:8401/readyz',
  listen: ['127.0.0.1:8400'],
  restartOn: '',
}

describe('check', () => {
  it('accepts what is right', () => {
    expect(check('oidc:Client', client)).toEqual([])
    expect(check('local:Process', program)).toEqual([])
    expect(check('key:Secret', { bytes: 32 })).toEqual([])
    expect(check('key:Signing', {})).toEqual([])
  })

  it('gives all failures at once', () => {
    const wrong = { ...client, issuer: 'http://idp.example', redirectUris: ['https://*.example/cb'], grantTypes: [] }
    expect(check('oidc:Client', { ...wrong, colour: 'red' })?.toSorted()).toEqual([
      'colour',
      'grantTypes',
      'issuer',
      'redirectUris',
    ])
  })

  it('skips what is not yet known, and that alone', () => {
    const inputs = { ...client, issuer: UNKNOWN, redirectUris: [UNKNOWN, '/relative'], grantTypes: UNKNOWN }
    expect(check('oidc:Client', inputs)).toEqual(['redirectUris'])
    expect(check('local:Process', { ...program, config: { registrations: UNKNOWN }, secrets: UNKNOWN })).toEqual([])
  })

  it.each(['https://idp.example/.well-known/openid-configuration', 'https://idp.example?x', 'https://u:p@idp.example'])(
    'denies the issuer %s',
    (issuer) => {
      expect(check('oidc:Client', { ...client, issuer })).toEqual(['issuer'])
    },
  )

  it.each(['../escape', '.hidden', 'a/b', '', 'x'.repeat(101)])(
    'denies the secret name %j, as it becomes a file',
    (name) => {
      expect(check('local:Process', { ...program, secrets: { [name]: 'x' } })).toEqual(['secrets'])
    },
  )

  it.each(['/', 'relative', '/srv/../etc', '/srv/', '/srv//x'])('denies the folder %j', (folder) => {
    expect(check('local:Process', { ...program, folder })).toEqual(['folder'])
  })

  it('denies short secrets', () => {
    expect(check('key:Secret', { bytes: 8 })).toEqual(['bytes'])
  })

  it('fills in that a process is wanted running', () => {
    expect(checked['local:Process']?.(program)?.inputs['running']).toBe(true)
  })
})
