import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import { calculateJwkThumbprint, CompactSign, compactVerify, importJWK, type JWK, SignJWT } from 'jose'
import { expect, it } from 'vitest'

import { oktaServiceKeyType } from '../../../../infra/provider/okta/index.ts'
import { type Properties, UNKNOWN } from '../../../../infra/provider/properties.ts'
import { boundedFetch } from '../../../../runtime/outbound/index.ts'
import { createCertificate } from '../../../support/idp/index.ts'
import { startOkta } from '../../../support/idp/okta/index.ts'
import { callFor } from '../../../support/provider/call.ts'

const call = callFor('okta-directory-first')

it('makes an RS256 pair that is named by its thumbprint, the public half in the members that the plugin takes', async () => {
  const { id, outputs } = await oktaServiceKeyType.create(call, {})
  const publicKey = outputs['publicKey'] as JWK & { kty: string }
  expect(Object.keys(publicKey).toSorted()).toEqual(['e', 'kid', 'kty', 'n'])
  expect(await calculateJwkThumbprint(publicKey)).toBe(id)
  const privateJwk = JSON.parse(outputs['privateJwk'] as string) as JWK
  expect(privateJwk).toMatchObject({ kty: 'RSA', alg: 'RS256', kid: id, n: publicKey.n })
  const signed = await new CompactSign(new TextEncoder().encode('hello'))
    .setProtectedHeader({ alg: 'RS256' })
    .sign(await importJWK(privateJwk))
  const { payload } = await compactVerify(signed, await importJWK(publicKey, 'RS256'))
  expect(new TextDecoder().decode(payload)).toBe('hello')
})

it('stays known in the preview of an update, and is secret', () => {
  expect(oktaServiceKeyType.plan({}, undefined)).toEqual({ privateJwk: UNKNOWN, publicKey: UNKNOWN })
  expect(oktaServiceKeyType.plan({}, { privateJwk: 'p', publicKey: {} })).toEqual({ privateJwk: 'p', publicKey: {} })
  expect(oktaServiceKeyType.secrets).toEqual([['privateJwk']])
})

it('cannot be imported', async () => {
  await expect(oktaServiceKeyType.read(call, 'id', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
})

it('opens Okta’s own API for a service app, as far as its scopes reach and not before it has a role', async () => {
  const certificate = createCertificate()
  setDefaultCACertificates([...getCACertificates(), certificate.cert])
  const okta = await startOkta(certificate)
  const { origin, apiToken } = okta.tenant
  const { outputs } = await oktaServiceKeyType.create(call, {})
  const admin = async (path: string, body: object) => {
    const headers = { authorization: `SSWS ${apiToken}` }
    const response = await boundedFetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as { id: string }
  }
  const { id } = await admin('/api/v1/apps', serviceApp(outputs['publicKey']))
  const ask = async (what: string) => {
    const token = await accessToken(origin, id, JSON.parse(outputs['privateJwk'] as string) as JWK)
    const response = await boundedFetch(`${origin}/api/v1/${what}`, { headers: { authorization: `Bearer ${token}` } })
    return response.status
  }
  expect(await ask('groups')).toBe(401)
  await admin(`/api/v1/apps/${id}/grants`, { scopeId: 'okta.groups.read', issuer: origin })
  expect(await ask('groups')).toBe(401)
  await admin(`/oauth2/v1/clients/${id}/roles`, { type: 'READ_ONLY_ADMIN' })
  expect([await ask('groups'), await ask('users')]).toEqual([200, 403])
  await okta.close()
  certificate.remove()
})

function serviceApp(key: Properties[string] | undefined): object {
  return {
    label: 'directory',
    name: 'oidc_client',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
    settings: {
      oauthClient: { application_type: 'service', grant_types: ['client_credentials'], jwks: { keys: [key] } },
    },
  }
}

/** @returns undefined when Okta gives none */
async function accessToken(origin: string, clientId: string, privateJwk: JWK): Promise<string | undefined> {
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256', kid: privateJwk.kid ?? '' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(`${origin}/oauth2/v1/token`)
    .setExpirationTime('5m')
    .sign(await importJWK(privateJwk))
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'okta.groups.read',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await boundedFetch(`${origin}/oauth2/v1/token`, { method: 'POST', headers, body: body.toString() })
  return ((await response.json()) as { access_token?: string }).access_token
}
