import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'

import { createCertificate, type TestCertificate } from '../support/idp/index.ts'
import { type OktaVendor, startOkta } from '../support/idp/okta/index.ts'
import { createProject, type Outcome, type Project } from '../support/project.ts'
import { configure, signInAt, type ToldClient } from '../support/relying-party.ts'
import { vendorStackFile } from '../support/stack-file.ts'

const SCOPES = ['openid', 'profile', 'email', 'groups', 'offline_access']
const POMERIUM = 'https://authenticate.corp.example'
const GRAFANA = 'https://grafana.corp.example'

/** Two at one tenant beside the gateway, of which one names groups of its own; one at a provider of the stack’s own. */
const RELYING_PARTIES = {
  corp: { kind: 'pomerium', url: POMERIUM, identityProvider: 'staff', directory: true },
  grafana: { kind: 'app', app: 'grafana', url: GRAFANA, identityProvider: 'staff', allowedGroups: ['staff'] },
  notes: {
    kind: 'app',
    app: 'other',
    url: 'https://notes.corp.example',
    identityProvider: 'people',
    redirectUris: ['https://notes.corp.example/back'],
    authMethod: 'client_secret_post',
  },
}

/** A name that looks like a date stays a text for the engine, which reads YAML 1.1. */
const YAML = { version: '1.1' } as const

type Settings = Record<string, Record<string, unknown>>

let certificate: TestCertificate
let vendor: OktaVendor
let project: Project

beforeAll(async () => {
  certificate = createCertificate()
  vendor = await startOkta(certificate)
  const { file } = certificate
  project = await createProject({
    plugins: ['okta'],
    environment: { NODE_EXTRA_CA_CERTS: file, SSL_CERT_FILE: file, ...vendor.environment },
    stackFile,
  })
})

afterAll(async () => {
  await project.remove()
  const left = vendor.inventory().join(', ')
  await vendor.close()
  certificate.remove()
  if (left !== '') throw new Error(`the tenant was left with ${left}`)
})

/** The provider of the stack's own is offered nowhere: a relying party alone uses it. */
function stackFile(ports: Project['ports']): string {
  const people = {
    kind: 'local',
    url: `http://idp.gw.localhost:${ports.identityProvider}`,
    people: { alice: { name: 'Alice Archer', email: 'alice@acme.example' } },
  }
  const staff = { name: 'Acme', ...vendor.settings, directory: { apiToken: { env: 'OKTA_API_TOKEN' } } }
  const text = vendorStackFile(ports, { identityProviders: { staff, people }, sampleApp: false })
  const { config } = parse(text) as { config: Record<string, object> }
  return stringify({
    config: {
      ...config,
      'gatewright:brands': { default: { identityProviders: ['staff'] } },
      'gatewright:relyingParties': RELYING_PARTIES,
    },
  })
}

async function deploy(): Promise<Outcome> {
  const up = await project.run('up')
  expect(up, up.text).toMatchObject({ code: 0 })
  return up
}

async function output<Value>(name: string): Promise<Value> {
  const { stdout } = await project.pulumi('stack', 'output', name, '--json', '-s', 'local', '--show-secrets')
  return JSON.parse(stdout) as Value
}

/** Changes `gatewright:relyingParties` of the stack file. */
function editParties(change: (parties: Settings) => void): Promise<void> {
  return project.editStack((text) => {
    const file = parse(text) as { config: Record<string, Settings> }
    change(file.config['gatewright:relyingParties'] ?? {})
    return stringify(file, YAML)
  })
}

function pomeriumClient({ environment }: Record<string, unknown>): ToldClient {
  const told = environment as Record<string, string>
  return {
    issuer: told['IDP_PROVIDER_URL'] ?? '',
    clientId: told['IDP_CLIENT_ID'] ?? '',
    clientSecret: told['IDP_CLIENT_SECRET'] ?? '',
    redirectUri: `${told['AUTHENTICATE_SERVICE_URL']}/oauth2/callback`,
    scopes: (told['IDP_SCOPES'] ?? '').split(',').join(' '),
    pkce: false,
    authMethod: 'client_secret_basic',
  }
}

function grafanaClient(told: Record<string, unknown>): ToldClient {
  const setting = (name: string): string => String(told[`GF_AUTH_GENERIC_OAUTH_${name}`])
  return {
    issuer: vendor.tenant.origin,
    clientId: setting('CLIENT_ID'),
    clientSecret: setting('CLIENT_SECRET'),
    redirectUri: `${String(told['GF_SERVER_ROOT_URL'])}/login/generic_oauth`,
    scopes: setting('SCOPES'),
    pkce: setting('USE_PKCE') === 'true',
    authMethod: 'client_secret_basic',
  }
}

/** What is left of a client that a deployment gave away. */
async function secretsOf(name: 'corp' | 'grafana'): Promise<ToldClient> {
  const all = await output<Settings>('relyingPartySettings')
  return name === 'corp' ? pomeriumClient(all['corp'] ?? {}) : grafanaClient(all['grafana'] ?? {})
}

describe('relying parties beside the gateway', () => {
  it('get clients of their own in the same tenant', async () => {
    await deploy()
    expect(vendor.inventory().toSorted()).toEqual([
      'app authenticate.corp.example (local)',
      'app grafana.corp.example (local)',
      'app login.gw.localhost (local)',
    ])
    expect(vendor.redirectUris().toSorted()).toEqual([
      `${project.login}/callback/staff`,
      `${POMERIUM}/oauth2/callback`,
      `${GRAFANA}/login/generic_oauth`,
    ])
    const parties = await output<Settings>('relyingParties')
    expect(parties['corp']).toMatchObject({
      kind: 'pomerium',
      identityProvider: 'staff',
      callbackUrls: [`${POMERIUM}/oauth2/callback`],
      access: 'people of staff in one of the groups contractors, staff',
    })
    expect(parties['grafana']).toMatchObject({ app: 'grafana', access: 'people of staff in the group staff' })
    expect(parties['notes']).toMatchObject({ access: 'everybody who can sign in at people' })
  })

  it('are told what they need, and sign people in with it', async () => {
    const corp = await secretsOf('corp')
    expect(await signInAt(corp, 'person-alice', certificate.cert)).toMatchObject({ name: 'Alice Archer' })
    expect(await signInAt(corp, 'person-bob', certificate.cert)).toMatchObject({ name: 'Bob Baker' })
    const grafana = await secretsOf('grafana')
    expect(await signInAt(grafana, 'person-alice', certificate.cert)).toMatchObject({
      groups: expect.arrayContaining(['staff', 'admins']) as string[],
    })
  })

  it('let in whom their own groups name, and nobody else', async () => {
    const grafana = await secretsOf('grafana')
    const refused = signInAt(grafana, 'person-bob', certificate.cert)
    await expect(refused).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('cannot leave out a code challenge that they are known to send', async () => {
    const grafana = { ...(await secretsOf('grafana')), pkce: false }
    await expect(signInAt(grafana, 'person-alice', certificate.cert)).rejects.toMatchObject({
      error: 'invalid_request',
    })
  })

  it('are told of the provider what it says of itself, and of its directory', async () => {
    const { corp, grafana } = await output<Settings>('relyingPartySettings')
    const { origin } = vendor.tenant
    expect(grafana).toMatchObject({
      GF_AUTH_GENERIC_OAUTH_AUTH_URL: `${origin}/oauth2/v1/authorize`,
      GF_AUTH_GENERIC_OAUTH_TOKEN_URL: `${origin}/oauth2/v1/token`,
      GF_AUTH_GENERIC_OAUTH_API_URL: `${origin}/oauth2/v1/userinfo`,
      GF_AUTH_GENERIC_OAUTH_SCOPES: SCOPES.join(' '),
    })
    const { IDP_SERVICE_ACCOUNT: account = '' } = (corp ?? {})['environment'] as Record<string, string>
    expect(JSON.parse(Buffer.from(account, 'base64').toString())).toEqual({ api_key: vendor.tenant.apiToken })
  })

  it('may use a provider that no brand offers', async () => {
    const { notes } = await output<Settings>('relyingPartySettings')
    const configuration = await configure({
      issuer: String(notes?.['OIDC_ISSUER']),
      clientId: String(notes?.['OIDC_CLIENT_ID']),
      clientSecret: String(notes?.['OIDC_CLIENT_SECRET']),
      redirectUri: 'https://notes.corp.example/back',
      scopes: String(notes?.['OIDC_SCOPES']),
      pkce: false,
      authMethod: 'client_secret_post',
    })
    const back = new URL('https://notes.corp.example/back?code=nobody-gave-it-out')
    back.searchParams.set('iss', String(notes?.['OIDC_ISSUER']))
    await expect(oidc.authorizationCodeGrant(configuration, back)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(await output<object>('identityProviders')).not.toHaveProperty('people.callbackUrl')
  })

  it('are asked about by the doctor, each with its own client', async () => {
    const doctor = await project.run('doctor', 'local')
    expect(doctor, doctor.text).toMatchObject({ code: 0 })
    for (const client of ['staff', 'staff for corp', 'staff for grafana', 'people for notes']) {
      expect(doctor.stdout).toContain(`${client}  http`)
    }
    expect(doctor.stdout).not.toMatch(/WRONG/)
  })

  it('are not touched by a second preview', async () => {
    const preview = await project.pulumi('preview', '-s', 'local', '--refresh', '--expect-no-changes')
    expect(preview, preview.text).toMatchObject({ code: 0 })
  })

  it('keep their client and its secret when they move, and only the callback changes', async () => {
    const before = await secretsOf('grafana')
    await editParties((parties) => Object.assign(parties['grafana'] ?? {}, { url: 'https://charts.corp.example' }))
    await deploy()
    const after = await secretsOf('grafana')
    expect(after).toEqual({ ...before, redirectUri: 'https://charts.corp.example/login/generic_oauth' })
    expect(vendor.redirectUris()).toContain('https://charts.corp.example/login/generic_oauth')
    expect(vendor.redirectUris()).not.toContain(`${GRAFANA}/login/generic_oauth`)
    expect(await signInAt(after, 'person-alice', certificate.cert)).toMatchObject({ name: 'Alice Archer' })
  })

  it('get a new secret with all other clients of the provider, and keep the old one until they have it', async () => {
    const before = await secretsOf('corp')
    const [begun, between] = [await project.run('rotate', 'local', 'staff'), await secretsOf('corp')]
    expect(begun, begun.text).toMatchObject({ code: 0 })
    expect(begun.stdout).toMatch(/still good.*corp, grafana/)
    expect(between.clientId).toBe(before.clientId)
    for (const good of [before, between]) {
      expect(await signInAt(good, 'person-alice', certificate.cert)).toMatchObject({ name: 'Alice Archer' })
    }
    const ended = await project.run('rotate', 'local', 'staff')
    expect(ended, ended.text).toMatchObject({ code: 0 })
    expect(await secretsOf('corp')).toEqual(between)
    expect(await signInAt(between, 'person-alice', certificate.cert)).toMatchObject({ name: 'Alice Archer' })
    await expect(signInAt(before, 'person-alice', certificate.cert)).rejects.toMatchObject({ error: 'invalid_client' })
  })

  it('leave alone what is not theirs when they go', async () => {
    await editParties((parties) => {
      delete parties['grafana']
      delete parties['notes']
    })
    // The provider that nobody uses any more goes with its last relying party.
    await project.editStack((text) => {
      const file = parse(text) as { config: Record<string, Settings> }
      delete file.config['gatewright:identityProviders']?.['people']
      return stringify(file, YAML)
    })
    await deploy()
    expect(vendor.inventory().toSorted()).toEqual([
      'app authenticate.corp.example (local)',
      'app login.gw.localhost (local)',
    ])
    expect(await signInAt(await secretsOf('corp'), 'person-alice', certificate.cert)).toMatchObject({
      name: 'Alice Archer',
    })
  })
})

describe('a stack of relying parties alone', () => {
  it('runs no gateway, is left alone by a second preview, and goes without a trace', async () => {
    const alone = await createProject({
      stackFile: ({ identityProvider }) => {
        const url = `http://idp.gw.localhost:${identityProvider}`
        const people = { alice: { name: 'Alice Archer', email: 'alice@acme.example' } }
        return stringify({
          config: {
            'gatewright:identityProviders': { people: { kind: 'local', url, people } },
            'gatewright:relyingParties': { notes: RELYING_PARTIES.notes },
            'gatewright:target': { kind: 'none' },
          },
        })
      },
    })
    try {
      const up = await alone.run('up')
      expect(up, up.text).toMatchObject({ code: 0 })
      expect(alone.programs()).toHaveLength(1)
      const outputs = await alone.pulumi('stack', 'output', '--json', '-s', 'local')
      expect(JSON.parse(outputs.stdout)).toMatchObject({ routes: {}, relyingParties: { notes: { app: 'other' } } })
      expect(JSON.parse(outputs.stdout)).not.toHaveProperty('authenticateUrl')
      const preview = await alone.pulumi('preview', '-s', 'local', '--refresh', '--expect-no-changes')
      expect(preview, preview.text).toMatchObject({ code: 0 })
    } finally {
      await alone.remove()
    }
    expect(alone.programs()).toEqual([])
  })
})
