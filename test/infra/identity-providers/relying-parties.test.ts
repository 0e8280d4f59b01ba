import * as pulumi from '@pulumi/pulumi'
import { describe, expect, it } from 'vitest'

import { auth0 } from '../../../infra/config/identity-providers/auth0.ts'
import { entra } from '../../../infra/config/identity-providers/entra.ts'
import { google } from '../../../infra/config/identity-providers/google.ts'
import { okta } from '../../../infra/config/identity-providers/okta.ts'
import { pingone } from '../../../infra/config/identity-providers/pingone.ts'
import { accessGroupsOf } from '../../../infra/identity-providers/access-groups.ts'
import { clientInputs as auth0Inputs } from '../../../infra/identity-providers/auth0/inputs.ts'
import { clientSettings } from '../../../infra/identity-providers/client-options.ts'
import { clientInputs as entraInputs } from '../../../infra/identity-providers/entra/inputs.ts'
import { byHand } from '../../../infra/identity-providers/google/inputs.ts'
import { resolveGroups } from '../../../infra/identity-providers/groups.ts'
import { type ClientRequest, ofRedirectUris } from '../../../infra/identity-providers/index.ts'
import { clientIdOf, clientInputs as keycloakInputs } from '../../../infra/identity-providers/keycloak/inputs.ts'
import { clientInputs as oidcInputs } from '../../../infra/identity-providers/oidc/inputs.ts'
import { clientInputs as oktaInputs } from '../../../infra/identity-providers/okta/inputs.ts'
import { clientInputs as pingoneInputs } from '../../../infra/identity-providers/pingone/inputs.ts'
import { chooseClientId, clientInputs as pocketIdInputs } from '../../../infra/identity-providers/pocket-id/inputs.ts'

const GUID = 'd0f5c9a2-3a57-4a0b-9d32-0f4a4e1ad111'
const credentials = { clientId: 'c', clientSecret: 's' }
const settings = {
  okta: okta.parse({ kind: 'okta', domain: 'acme.okta.com', credentials: { apiToken: 't' }, allowedGroups: ['All'] }),
  entra: entra.parse({ kind: 'entra', tenantId: GUID, credentials }),
  auth0: auth0.parse({ kind: 'auth0', domain: 'acme.eu.auth0.com', credentials }),
  pingone: pingone.parse({ kind: 'pingone', environmentId: GUID, credentials }),
  google: google.parse({ kind: 'google', client: { id: 'g', secret: 's' } }),
}
const registrar = { issuer: 'https://sso.acme.example', scopes: ['openid'], authMethod: 'private_key_jwt' as const }

/** An app that sends no code challenge, at an address that nobody knows before it is made. */
const app: ClientRequest = {
  relyingParty: 'notes',
  clientName: 'notes.acme.example (production)',
  redirectUris: pulumi.output(['https://notes.acme.example/idp/7/callback', 'https://notes.acme.example/back']),
  postLogoutRedirectUris: ['https://notes.acme.example/bye'],
  homeUrl: 'https://notes.acme.example',
  pkce: false,
  authMethod: 'client_secret_basic',
  import: GUID,
}

function settled<T>(value: pulumi.Input<T>): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(value).apply(resolve))
}

describe('what a relying party asks for', () => {
  it.each<[string, object, object]>([
    ['okta', oktaInputs(settings.okta, app), { pkceRequired: false, tokenEndpointAuthMethod: 'client_secret_basic' }],
    [
      'pingone',
      pingoneInputs(settings.pingone, app, []),
      { pkceEnforcement: 'OPTIONAL', tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC', takeOver: GUID },
    ],
    ['keycloak', keycloakInputs('acme', app), { pkceCodeChallengeMethod: '' }],
    [
      'pocket-id',
      pocketIdInputs(app, { project: 'p', stack: 's', identityProvider: 'i', relyingParty: 'notes' }),
      { pkceEnabled: false, takeOver: GUID },
    ],
    ['oidc', oidcInputs(registrar, app), { tokenEndpointAuthMethod: 'client_secret_basic' }],
  ])('is what its client at %s is, whatever the provider’s own settings say', (_, inputs, expected) => {
    expect(inputs).toMatchObject(expected)
  })

  it('has a key of ES256 only where the client shows one', () => {
    expect(oidcInputs(registrar, app)).not.toHaveProperty('tokenEndpointAuthSigningAlg')
    expect(oidcInputs(registrar, { ...app, authMethod: undefined })).toHaveProperty(
      'tokenEndpointAuthSigningAlg',
      'ES256',
    )
  })

  it('may be callbacks that are only known when something is made', async () => {
    const [assigned, own] = ['https://notes.acme.example/idp/7/callback', 'https://notes.acme.example/back']
    expect(await settled(oktaInputs(settings.okta, app).redirectUris)).toEqual([own, assigned])
    expect(await settled(auth0Inputs(settings.auth0, app).callbacks)).toEqual([assigned, own])
    expect(await settled(keycloakInputs('acme', app).validRedirectUris)).toEqual([assigned, own])
    const { web } = entraInputs(app, settings.entra, 'owner')
    const { redirectUris } = (await settled(web)) as { redirectUris: string[] }
    expect(redirectUris).toEqual([assigned, own, 'https://notes.acme.example/bye'])
    const advice = ofRedirectUris(app.redirectUris, (uris) => byHand('client-7', uris, settings.google))
    expect(await settled(advice)).toMatch(/client-7[^]*\/idp\/7\/callback/)
  })

  it('stays plain where it is known, so that a preview can compare it', () => {
    expect(ofRedirectUris(['https://a.example/b', 'https://a.example/a'], (uris) => uris.toSorted())).toEqual([
      'https://a.example/a',
      'https://a.example/b',
    ])
  })

  it('is a client of another name than any other in the tenant', () => {
    const names = ['login.acme.example (production)', app.clientName, 'notes.acme.example/two (production)']
    expect(new Set(names.map(clientIdOf)).size).toBe(names.length)
    const ids = ['gateway', 'notes'].map((relyingParty) =>
      chooseClientId({ project: 'p', stack: 's', identityProvider: 'i', relyingParty }),
    )
    expect(new Set(ids).size).toBe(2)
  })
})

describe('what is taken over', () => {
  it('is said of one client, and what becomes of a client of all', () => {
    expect(clientSettings({ removal: 'protected' }, app)).toEqual({ removal: 'protected', import: GUID })
    expect(clientSettings({ removal: 'allowed' }, { import: undefined })).toEqual({
      removal: 'allowed',
      import: undefined,
    })
  })
})

describe('the groups of a client', () => {
  const known = [{ id: 'g-1', name: 'All' }]

  it('are its relying party’s own, or those of the provider', () => {
    expect(accessGroupsOf('staff', ['All'], app).names).toEqual(['All'])
    expect(accessGroupsOf('staff', ['All'], { ...app, allowedGroups: ['Ops'] }).names).toEqual(['Ops'])
    expect(accessGroupsOf('staff', ['All'], { ...app, allowedGroups: [] }).names).toEqual([])
  })

  it('that nobody knows are named where the stack file has them', () => {
    const own = accessGroupsOf('staff', ['All'], { ...app, allowedGroups: ['al'] })
    expect(() => resolveGroups(own, known)).toThrow('gatewright:relyingParties.notes.allowedGroups[0]')
    const theirs = accessGroupsOf('staff', ['Nobody'], app)
    expect(() => resolveGroups(theirs, known)).toThrow('gatewright:identityProviders.staff.allowedGroups[0]')
  })
})
