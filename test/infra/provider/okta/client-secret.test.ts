import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createClientSecretType, OWN_SECRET_PREFIX } from '../../../../infra/provider/okta/index.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import { createCertificate, type TestCertificate } from '../../../support/idp/index.ts'
import { addSecret, type App, type OktaVendor, startOkta, tooManyRequests } from '../../../support/idp/okta/index.ts'
import { callFor } from '../../../support/provider/call.ts'

const waits: number[] = []
const type = createClientSecretType(async (milliseconds) => waits.push(milliseconds))
const call = callFor('okta-gateway-first')
const value = `${OWN_SECRET_PREFIX}a-value-nobody-can-guess`

let certificate: TestCertificate
let okta: OktaVendor
let app: App
beforeAll(async () => {
  certificate = createCertificate()
  setDefaultCACertificates([...getCACertificates(), certificate.cert])
  okta = await startOkta(certificate)
})
afterAll(async () => {
  await okta.close()
  certificate.remove()
})
beforeEach(() => {
  waits.length = 0
  okta.log.length = 0
  okta.faults.before = undefined
  okta.faults.after = undefined
  okta.tenant.apps.clear()
  app = addApp()
  addSecret(okta.tenant, app, 'generated-by-okta-itself')
})

function addApp(): App {
  const made: App = {
    id: '0oaEmulatedApp000001',
    label: 'login.acme.example (production)',
    status: 'ACTIVE',
    created: new Date(0).toISOString(),
    oauthClient: { token_endpoint_auth_method: 'client_secret_post', pkce_required: true, autoKeyRotation: true },
    settings: { application_type: 'web', grant_types: [], response_types: [], redirect_uris: [] },
    implicitAssignment: false,
    notes: { admin: null, enduser: null },
    hide: { iOS: true, web: true },
    secrets: [],
    assignments: new Map(),
    groupsClaim: {},
    grants: new Map(),
    roles: new Map(),
  }
  okta.tenant.apps.set(made.id, made)
  return made
}

function inputs(changes: Properties = {}): Properties {
  const { origin, apiToken } = okta.tenant
  return { orgUrl: origin, apiToken, appId: app.id, value, strangers: 'remove', status: 'ACTIVE', ...changes }
}

const live = (): string[] => app.secrets.filter(({ status }) => status === 'ACTIVE').map((secret) => secret.value)

describe('a create', () => {
  it('makes the wanted secret, and takes away the one that Okta generated', async () => {
    const { id, outputs } = await type.create(call, inputs())
    expect(live()).toEqual([value])
    expect(id).toBe(`${app.id}/${app.secrets[0]?.id}`)
    expect(outputs).toMatchObject({ value, secretId: app.secrets[0]?.id })
  })

  it('leaves what is there where the client was somebody else’s', async () => {
    await type.create(call, inputs({ strangers: 'keep' }))
    expect(live()).toEqual(['generated-by-okta-itself', value])
  })

  it('makes the second one beside the first', async () => {
    await type.create(call, inputs())
    await type.create(call, inputs({ value: `${value}-2` }))
    expect(live()).toEqual([value, `${value}-2`])
  })

  it('finds what an earlier one has made and could not tell', async () => {
    const first = await type.create(call, inputs())
    expect(await type.create(call, inputs())).toEqual(first)
    expect(live()).toEqual([value])
  })

  it('makes one secret although the answer to its request is lost', async () => {
    let lost = 0
    okta.faults.after = ({ method, url }, answered) => {
      const isFirst = method === 'POST' && url.pathname.endsWith('/secrets') && lost === 0
      if (isFirst) Object.assign(answered, { status: 503, body: undefined })
      lost += isFirst ? 1 : 0
      return undefined
    }
    await type.create(call, inputs())
    expect([lost, live()]).toEqual([1, [value]])
  })

  it('waits as long as the rate limit says', async () => {
    let refused = 0
    okta.faults.before = () => (refused++ < 2 ? tooManyRequests(Math.ceil(Date.now() / 1000) + 30) : undefined)
    await type.create(call, inputs())
    expect(live()).toEqual([value])
    expect(waits).toHaveLength(2)
    for (const wait of waits) expect(wait).toBeGreaterThan(20_000)
  })

  it('refuses when both secrets may be in use, and changes nothing', async () => {
    addSecret(okta.tenant, app, 'added-in-the-console')
    const before = structuredClone(app.secrets)
    const failed = type.create(call, inputs())
    await expect(failed).rejects.toMatchObject({ code: 'credential_slots_taken' })
    for (const { id, created } of before) {
      await expect(failed).rejects.toThrow(`${id} of ${created} (not made by a stack)`)
    }
    expect(app.secrets).toEqual(before)
    expect(okta.log.filter((line) => !line.startsWith('GET'))).toEqual([])
  })

  it('tells what Okta said to a token that is not good, without the token', async () => {
    const failed = await type.create(call, inputs({ apiToken: 'a-token-of-nobody' })).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'vendor_refused' })
    expect(String(failed)).toContain('Invalid token provided')
    expect(String(failed)).not.toMatch(/a-token-of-nobody|a-value-nobody-can-guess/)
    expect(live()).toEqual(['generated-by-okta-itself'])
  })

  it('refuses for an app that is not there', async () => {
    await expect(type.create(call, inputs({ appId: '0oaNobody' }))).rejects.toMatchObject({ code: 'vendor_refused' })
  })
})

describe('a secret in the state', () => {
  let id: string
  let state: Properties
  beforeEach(async () => {
    const made = await type.create(call, inputs())
    id = made.id
    state = made.outputs
  })

  it('reads as it was made', async () => {
    expect(await type.read(call, id, state, inputs())).toEqual({ inputs: inputs(), outputs: state })
  })

  it('shows when somebody has deactivated it, and is activated again', async () => {
    const [secret] = app.secrets
    if (secret) secret.status = 'INACTIVE'
    const found = await type.read(call, id, state, inputs())
    expect(found).toMatchObject({ inputs: { status: 'INACTIVE' } })
    const oldInputs = inputs({ status: 'INACTIVE' })
    const changes = await type.diff({ urn: call.urn, state, oldInputs, newInputs: inputs() })
    expect(changes).toEqual([{ path: ['status'], kind: 'update', replaces: false }])
    await type.update(call, id, state, inputs())
    expect(live()).toEqual([value])
  })

  it('is gone when somebody has deleted it, or its app', async () => {
    app.secrets.length = 0
    expect(await type.read(call, id, state, inputs())).toBe('gone')
    okta.tenant.apps.clear()
    expect(await type.read(call, id, state, inputs())).toBe('gone')
  })

  it('is not taken for gone because of a 404 that is not Okta’s', async () => {
    okta.faults.before = () => ({ status: 404, body: '<h1>Not here</h1>' })
    await expect(type.read(call, id, state, inputs())).rejects.toMatchObject({ code: 'vendor_refused' })
  })

  it('lets others’ secrets alone when it is updated', async () => {
    addSecret(okta.tenant, app, 'added-in-the-console')
    expect(await type.update(call, id, state, inputs())).toEqual(state)
    expect(live()).toEqual([value, 'added-in-the-console'])
  })

  it('is deleted once another one is there', async () => {
    await type.create(call, inputs({ value: `${value}-2` }))
    await type.delete(call, state)
    expect(app.secrets.map((secret) => secret.value)).toEqual([`${value}-2`])
    await type.delete(call, state)
  })

  it('stays as long as it is the only one, since Okta would not let it go', async () => {
    await type.delete(call, state)
    expect(live()).toEqual([value])
  })

  it('is deleted with its app', async () => {
    okta.tenant.apps.clear()
    await expect(type.delete(call, state)).resolves.toBeUndefined()
  })

  it('cannot be imported', async () => {
    await expect(type.read(call, id, {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })

  it.each(['orgUrl', 'appId', 'value'])('is another one with another %s', async (name) => {
    const newInputs = inputs({ [name]: 'https://another' })
    const changes = await type.diff({ urn: call.urn, state, oldInputs: inputs(), newInputs })
    expect(changes).toMatchObject([{ path: [name], replaces: true }])
  })

  it('stays the same with another token', async () => {
    const newInputs = inputs({ apiToken: 'next' })
    const changes = await type.diff({ urn: call.urn, state, oldInputs: inputs(), newInputs })
    expect(changes).toMatchObject([{ path: ['apiToken'], replaces: false }])
  })
})

describe('inputs', () => {
  it.each<[string, Properties]>([
    ['without TLS', { orgUrl: 'http://acme.okta.com' }],
    ['with a value that nobody could tell from a stranger’s', { value: 'a-value-of-no-prefix' }],
    ['with a value longer than Okta takes', { value: OWN_SECRET_PREFIX.padEnd(101, 'x') }],
    ['with an app id that would lead elsewhere', { appId: '../users' }],
    ['with something unheard of', { more: true }],
  ])('%s are refused', (_, change) => {
    expect(type.check(inputs(change)).failures).toHaveLength(1)
  })

  it('are secret where they have to be', () => {
    expect(type.secrets).toEqual([['apiToken'], ['value']])
  })
})
