import * as pulumi from '@pulumi/pulumi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Gateway, type GatewayArgs } from '../../../infra/index.ts'

type Made = pulumi.runtime.MockResourceArgs

const ISSUER = 'https://id.acme.example'
const GRAFANA = 'https://grafana.acme.example'

/** Four relying parties at one provider, and no gateway. */
const args = {
  identityProviders: {
    people: {
      kind: 'pocket-id',
      url: ISSUER,
      credentials: { apiKey: 'api-key-value' },
      allowedGroups: ['everybody'],
      name: 'Acme',
    },
  },
  relyingParties: {
    corp: {
      kind: 'pomerium',
      url: 'https://authenticate.acme.example',
      identityProvider: 'people',
      secret: { namespace: 'pomerium', name: 'idp' },
    },
    grafana: {
      kind: 'app',
      app: 'grafana',
      url: GRAFANA,
      identityProvider: 'people',
      allowedGroups: ['ops'],
      secret: { namespace: 'monitoring', name: 'grafana-oidc' },
    },
    harbor: {
      kind: 'app',
      app: 'harbor',
      url: 'https://harbor.acme.example',
      identityProvider: 'people',
      import: 'by-hand',
    },
    argo: {
      kind: 'app',
      app: 'argo-cd',
      url: 'https://argo.acme.example',
      identityProvider: 'people',
      secret: { namespace: 'argocd', name: 'argocd-oidc' },
    },
  },
  target: { kind: 'none' },
} satisfies GatewayArgs

const GROUPS = [
  { id: 'g-1', name: 'everybody' },
  { id: 'g-2', name: 'ops' },
]

function settled<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => pulumi.output(output).apply(resolve))
}

describe('a stack of relying parties alone', () => {
  const resources: Made[] = []
  let asked = 0
  let stack: Gateway

  beforeAll(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource(resource) {
          resources.push(resource)
          return { id: resource.name, state: { ...resource.inputs, ...madeUp(resource) } }
        },
        call: () => {
          asked += 1
          return { groups: GROUPS }
        },
      },
      'project',
      'production',
    )
    stack = new Gateway('gateway', args)
    await settled(stack.relyingPartySettings ?? {})
    await pulumi.runtime.disconnect()
  })
  afterAll(() => pulumi.runtime.disconnect())

  // By name: nothing says in which order they are asked for.
  const ofType = (type: string): Made[] =>
    resources.filter((resource) => resource.type === type).toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const inputsOf = (type: string, name: string): Record<string, unknown> =>
    ofType(type).find((resource) => resource.name === name)?.inputs as Record<string, unknown>

  it('runs nothing, keeps no key of a gateway and has no address to sign in at', () => {
    expect(ofType('gatewright-native:local:Process')).toEqual([])
    expect(ofType('gatewright-native:key:Signing')).toEqual([])
    expect(stack.authenticateUrl).toBeUndefined()
    expect([stack.routes, stack.access]).toEqual([{}, {}])
  })

  it('registers a client for each, called after where people come to it', () => {
    const clients = ofType('gatewright-native:pocketid:Client')
    expect(clients.map(({ name, inputs }) => [name, (inputs as { name: string }).name])).toEqual([
      ['people-argo', 'argo.acme.example (production)'],
      ['people-corp', 'authenticate.acme.example (production)'],
      ['people-grafana', 'grafana.acme.example (production)'],
      ['people-harbor', 'harbor.acme.example (production)'],
    ])
    expect(new Set(clients.map(({ inputs }) => (inputs as { clientId: string }).clientId)).size).toBe(4)
  })

  it('lets each ask for a challenge, for groups and for a client of its own, and asks for the groups once', () => {
    const type = 'gatewright-native:pocketid:Client'
    expect(inputsOf(type, 'people-corp')).toMatchObject({ pkceEnabled: false, allowedUserGroupIds: ['g-1'] })
    expect(inputsOf(type, 'people-corp')).not.toHaveProperty('takeOver')
    expect(inputsOf(type, 'people-grafana')).toMatchObject({ pkceEnabled: true, allowedUserGroupIds: ['g-2'] })
    expect(inputsOf(type, 'people-harbor')).toMatchObject({ takeOver: 'by-hand', allowedUserGroupIds: ['g-1'] })
    expect(asked).toBe(1)
  })

  it('has each credential proven with a callback of its own client, and with the method that the software uses', () => {
    const proofs = ofType('gatewright-native:oidc:CredentialProof')
    expect(proofs.map(({ name, inputs }) => [name, inputs.redirectUri, inputs.authMethod])).toEqual([
      ['people-argo-first-proof', 'https://argo.acme.example/auth/callback', 'client_secret_basic'],
      ['people-corp-first-proof', 'https://authenticate.acme.example/oauth2/callback', 'client_secret_basic'],
      ['people-grafana-first-proof', `${GRAFANA}/login/generic_oauth`, 'client_secret_basic'],
      ['people-harbor-first-proof', 'https://harbor.acme.example/c/oidc/callback', 'client_secret_basic'],
    ])
  })

  it('puts what they are told into Secrets of their namespaces, each with the keys that its reader knows', () => {
    const secrets = ofType('kubernetes:core/v1:Secret')
    const told = secrets.map(({ name, inputs }) => {
      const { metadata, data } = inputs as { metadata: Made['inputs']; data: unknown }
      const keys = Object.keys((isSecret(data) ? data.value : data) as object)
      return [name, `${metadata.namespace}/${metadata.name}`, metadata.labels['app.kubernetes.io/part-of'], keys.length]
    })
    expect(told).toEqual([
      ['argo', 'argocd/argocd-oidc', 'argocd', 3],
      ['corp', 'pomerium/idp', undefined, 2],
      ['grafana', 'monitoring/grafana-oidc', undefined, 14],
    ])
    expect(ofType('pulumi:providers:kubernetes')).toHaveLength(1)
  })

  it('puts out what is in no Secret, as a secret, and beside a Secret what has to stand in the app itself', async () => {
    const settings = stack.relyingPartySettings
    if (!settings) throw new TypeError('no settings')
    expect(await pulumi.isSecret(settings)).toBe(true)
    const { corp, grafana, harbor, argo } = (await settled(settings)) as Record<string, Record<string, string>>
    expect(corp).toEqual({
      authenticate: { url: 'https://authenticate.acme.example' },
      identityProvider: {
        provider: 'oidc',
        url: ISSUER,
        scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
        secret: expect.stringContaining('') as string,
      },
    })
    expect(grafana).toEqual({ kubernetesSecret: 'monitoring/grafana-oidc' })
    expect(JSON.parse(harbor?.['CONFIG_OVERWRITE_JSON'] ?? '')).toMatchObject({ oidc_client_secret: 'secret-1' })
    expect(argo?.['oidc.config']).toContain('$argocd-oidc:clientSecret')
    expect(JSON.stringify([corp, grafana, argo])).not.toContain('secret-1')
  })

  it('says who may sign in to each, without a secret', async () => {
    const described = await settled(stack.relyingParties ?? {})
    expect(described).toMatchObject({
      corp: { kind: 'pomerium', access: 'people of people in the group everybody', clientId: 'client-people-corp' },
      grafana: {
        app: 'grafana',
        callbackUrls: [`${GRAFANA}/login/generic_oauth`],
        access: 'people of people in the group ops',
      },
    })
    expect(JSON.stringify(described)).not.toContain('secret-1')
    expect(await settled(stack.identityProviders)).toEqual({ people: { kind: 'pocket-id', issuer: ISSUER } })
  })
})

/** What a vendor, or the provider, would say of a resource that it made. */
function madeUp({ type, name, inputs }: Made): object {
  if (type === 'gatewright-native:oidc:Endpoints') {
    return { authorization: `${ISSUER}/a`, token: `${ISSUER}/t`, userinfo: `${ISSUER}/u`, endSession: `${ISSUER}/e` }
  }
  if (type === 'gatewright-native:pocketid:Client') return { clientId: `client-${name}` }
  if (type === 'gatewright-native:oidc:CredentialProof') return { clientSecret: inputs.clientSecret as unknown }
  return { value: 'secret-1', clientSecret: 'secret-1' }
}

function isSecret(value: unknown): value is { value: unknown } {
  return typeof value === 'object' && value !== null && pulumi.runtime.specialSigKey in value
}
