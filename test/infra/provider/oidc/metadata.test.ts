import { describe, expect, it } from 'vitest'

import { findDrift, toMetadata, toOutputs, toUpdateBody } from '../../../../infra/provider/oidc/metadata.ts'
import type { ClientInformation } from '../../../../infra/provider/oidc/registration.ts'
import type { ClientInputs } from '../../../../infra/provider/oidc/schema.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'

const inputs: ClientInputs = {
  issuer: 'https://idp.example',
  clientName: 'Gatewright',
  redirectUris: ['https://login.example/a', 'https://login.example/b'],
  postLogoutRedirectUris: ['https://login.example/signed-out'],
  grantTypes: ['authorization_code'],
  tokenEndpointAuthMethod: 'client_secret_post',
  scope: 'openid email',
}

const asked = {
  client_name: 'Gatewright',
  redirect_uris: ['https://login.example/a', 'https://login.example/b'],
  post_logout_redirect_uris: ['https://login.example/signed-out'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_post',
  scope: 'openid email',
}

const credentials = {
  clientId: 'id',
  clientSecret: 'secret',
  clientSecretExpiresAt: 0,
  registrationClientUri: 'https://idp.example/reg/id',
  registrationAccessToken: 'token',
}

const answering = (metadata: Properties): ClientInformation => ({ ...credentials, metadata })

describe('toMetadata', () => {
  it('says every input in the words of RFC 7591, and leaves out what is not given', () => {
    expect(toMetadata(inputs)).toEqual(asked)
    expect(toMetadata(inputs)).not.toHaveProperty('application_type')
  })

  it('names the back-channel address of a client that has one', () => {
    const backChannelLogoutUri = 'https://login.example/back-channel'
    const told = { ...asked, backchannel_logout_uri: backChannelLogoutUri }
    expect(toMetadata({ ...inputs, backChannelLogoutUri })).toEqual(told)
    const state = toOutputs({ ...inputs, backChannelLogoutUri }, credentials, answering(told))
    expect(findDrift(state, answering(asked))).toEqual({ backChannelLogoutUri: '' })
  })

  it('asks for no response type without the authorization code grant', () => {
    expect(toMetadata({ ...inputs, grantTypes: ['client_credentials'] })['response_types']).toEqual([])
  })
})

describe('toUpdateBody', () => {
  it('repeats what the server said and is not ours, but nothing that a request must not hold', () => {
    const current = answering({
      ...asked,
      scope: 'gone',
      contacts: ['alice@example.com'],
      client_id_issued_at: 1,
      tos_uri: null,
    })
    expect(toUpdateBody(inputs, current, 'secret')).toEqual({
      ...asked,
      contacts: ['alice@example.com'],
      client_id: 'id',
      client_secret: 'secret',
    })
  })

  it('drops a field of ours that is no longer given', () => {
    const { scope: _, ...without } = inputs
    expect(toUpdateBody(without, answering(asked), 'secret')).not.toHaveProperty('scope')
  })
})

describe('findDrift', () => {
  const state = toOutputs(inputs, credentials, answering(asked))

  it('finds none in another order, in defaults, or in fields that are not ours', () => {
    const reordered = { ...asked, redirect_uris: asked.redirect_uris.toReversed(), scope: 'email openid' }
    expect(findDrift(state, answering({ ...reordered, application_type: 'web', contacts: [] }))).toEqual({})
  })

  it('puts a foreign member where a known one is missing, and leaves the others in their places', () => {
    const edited = { ...asked, redirect_uris: ['https://evil.example/', 'https://login.example/b'] }
    expect(findDrift(state, answering(edited))).toEqual({
      redirectUris: ['https://evil.example/', 'https://login.example/b'],
    })
  })

  it('finds a field that the server no longer states', () => {
    const { post_logout_redirect_uris: _, client_name: __, ...rest } = asked
    expect(findDrift(state, answering(rest))).toEqual({ postLogoutRedirectUris: [], clientName: '' })
  })

  it('remembers what the server substituted, so that this is no drift, and a change of it is', () => {
    const told = { ...asked, grant_types: ['authorization_code', 'refresh_token'], scope: 'openid' }
    const substituting = toOutputs(inputs, credentials, answering(told))
    expect(substituting.substituted).toEqual({ grant_types: ['authorization_code', 'refresh_token'], scope: 'openid' })
    expect(findDrift(substituting, answering(told))).toEqual({})
    expect(findDrift(substituting, answering({ ...told, scope: 'openid phone' }))).toEqual({ scope: 'openid phone' })
  })
})
