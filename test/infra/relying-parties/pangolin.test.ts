import { describe, expect, it } from 'vitest'

import { identityProvider as anyProvider } from '../../../infra/config/identity-providers/index.ts'
import { pangolin } from '../../../infra/config/relying-parties/pangolin.ts'
import { clientInputs, mappings, policyName } from '../../../infra/relying-parties/pangolin/inputs.ts'

const settings = pangolin.parse({
  kind: 'pangolin',
  url: 'https://pangolin.corp.example',
  api: 'https://api.pangolin.corp.example/v1',
  credentials: { apiKey: 'id.secret' },
  identityProvider: 'people',
})
const pocketId = anyProvider.parse({
  kind: 'pocket-id',
  name: 'People',
  url: 'https://id.corp.example',
  credentials: { apiKey: 'key' },
})
const google = anyProvider.parse({ kind: 'google', name: 'Google', client: { id: 'id', secret: 'secret' } })

describe('what Pangolin reads out of ID tokens', () => {
  it('is the user name at Pocket ID, and the subject elsewhere', () => {
    expect(clientInputs(settings, pocketId)).toEqual({
      scopes: 'openid profile email',
      identifierPath: 'preferred_username',
      emailPath: 'email',
      namePath: 'name',
    })
    expect(clientInputs(settings, google)).toMatchObject({ identifierPath: 'sub' })
  })

  it('is what the stack file says, where it says something', () => {
    const said = { ...settings, identifierPath: 'email', scopes: ['openid', 'groups'] }
    expect(clientInputs(said, pocketId)).toMatchObject({ identifierPath: 'email', scopes: 'openid groups' })
  })

  it('comes from the endpoints of a provider that has no discovery document', () => {
    const [authorization, token, jwks] = ['a', 't', 'k'].map((path) => `https://id.example/${path}`)
    const oidc = anyProvider.parse({
      kind: 'oidc',
      name: 'Old',
      issuer: 'https://id.example',
      client: { id: 'id', secret: 'secret' },
      endpoints: { authorization, token, jwks },
    })
    expect(clientInputs(settings, oidc)).toMatchObject({ authorizationEndpoint: authorization, tokenEndpoint: token })
    expect(clientInputs(settings, pocketId)).not.toHaveProperty('tokenEndpoint')
  })
})

describe('a policy', () => {
  it('has a name that no other one has, although keys and ids may have dashes', () => {
    expect(policyName('tunnel', 'eu-acme')).not.toBe(policyName('tunnel-eu', 'acme'))
  })

  it('lets everybody in with a role that is named', () => {
    expect(mappings({ role: 'Member' })).toEqual({ roleMapping: "'Member'", orgMapping: '`true`' })
  })

  it('has the name of a role as a text, whatever is in it', () => {
    expect(mappings({ role: "the 'root' \\ role" }).roleMapping).toBe("'the \\'root\\' \\\\ role'")
  })

  it('is what the stack file says, as it says it', () => {
    const said = { roleMapping: 'role', orgMapping: "contains(groups, 'acme')" }
    expect(mappings(said)).toEqual(said)
  })
})
