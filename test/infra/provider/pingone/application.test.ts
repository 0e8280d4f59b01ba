import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { InitializationFailure } from '../../../../infra/provider/errors.ts'
import { applicationType } from '../../../../infra/provider/pingone/index.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import type { Found } from '../../../../infra/provider/resource-type.ts'
import { startTrustedPingOne, type TrustedPingOne } from '../../../support/idp/pingone/in-process.ts'
import { type Application, assign, rolesOf } from '../../../support/idp/pingone/tenant.ts'
import { callFor } from '../../../support/provider/call.ts'

const call = callFor('pingone-gateway')
let pingOne: TrustedPingOne

beforeAll(async () => void (pingOne = await startTrustedPingOne()))
beforeEach(() => pingOne.reset())
afterAll(() => pingOne.close())

describe('create', () => {
  it('makes a web application with its grants, claims and access groups', async () => {
    const { id, outputs } = await applicationType.create(call, inputs())
    const made = application(id)
    expect(made.members).toEqual({
      name: 'login.acme.example (test)',
      type: 'WEB_APP',
      protocol: 'OPENID_CONNECT',
      enabled: true,
      grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
      responseTypes: ['CODE'],
      redirectUris: ['https://login.acme.example/callback/pingone'],
      postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
      tokenEndpointAuthMethod: 'CLIENT_SECRET_POST',
      pkceEnforcement: 'S256_REQUIRED',
      homePageUrl: 'https://login.acme.example',
      accessControl: { group: { type: 'ANY_GROUP', groups: [{ id: groupId('staff') }] } },
    })
    expect(scopesOf(made)).toEqual(['email', 'offline_access', 'profile'])
    expect(claimsOf(made)).toEqual({ sub: '${user.id}', groups: '${user.memberOfGroupNames}' })
    expect(outputs).toEqual({ ...inputs(), clientId: id, bornWith: outputs['bornWith'] })
    expect(outputs['bornWith']).toMatch(/^[\w-]{43}$/)
  })

  it('makes a worker with the one role that it is to have, and none of those of its maker', async () => {
    const { id } = await applicationType.create(call, workerInputs())
    const { roleAssignments } = application(id)
    expect(rolesOf(pingOne.vendor.tenant, application(id))).toEqual(['Identity Data Read Only'])
    expect([...roleAssignments.values()][0]?.scope).toEqual({
      id: pingOne.connection.environmentId,
      type: 'ENVIRONMENT',
    })
  })

  it('takes over the application of a deployment that died before its state was written, and makes no twin', async () => {
    const { id } = await applicationType.create(call, inputs())
    const changed = { ...inputs(), redirectUris: ['https://login.acme.example/callback/other'] }
    const second = await applicationType.create(call, changed)
    expect(second).toMatchObject({ id, outputs: { clientId: id, bornWith: '' } })
    expect(pingOne.vendor.inventory()).toEqual(['WEB_APP login.acme.example (test)'])
    expect(application(id).members.redirectUris).toEqual(changed.redirectUris)
  })

  it('leaves the application of the name alone that another stack has made', async () => {
    const theirs = await applicationType.create(call, { ...inputs(), description: 'Made by Gatewright [theirs]' })
    const ours = await applicationType.create(call, { ...inputs(), description: 'Made by Gatewright [ours]' })
    expect(ours.id).not.toBe(theirs.id)
    const again = await applicationType.create(call, { ...inputs(), description: 'Made by Gatewright [ours]' })
    expect(again.id).toBe(ours.id)
    expect(application(theirs.id).members['description']).toBe('Made by Gatewright [theirs]')
    const found = await applicationType.read(call, ours.id, ours.outputs, inputs())
    expect(found).toHaveProperty('inputs.description', 'Made by Gatewright [ours]')
  })

  it('refuses to choose between two applications of the name, and touches neither', async () => {
    const { id } = await applicationType.create(call, inputs())
    const twin = { ...structuredClone(application(id)), id: '0b7e1b5d-6c0f-4e0a-9d1c-7f6f3c1f2a10' }
    pingOne.vendor.tenant.applications.set(twin.id, twin)
    pingOne.vendor.log.length = 0
    const refusal = applicationType.create(call, inputs())
    await expect(refusal).rejects.toMatchObject({ code: 'vendor_refused' })
    await expect(refusal).rejects.toThrow(`(${id}, ${twin.id})`)
    expect(writes()).toEqual([])
  })

  it('takes over the application that it is told to, and keeps what is not its own', async () => {
    const { id } = await applicationType.create(call, { ...inputs(), name: 'Old gateway', scopes: ['openid'] })
    application(id).members['description'] = 'made by hand'
    const second = await applicationType.create(call, { ...inputs(), takeOver: id })
    expect(second.id).toBe(id)
    expect(second.outputs).not.toHaveProperty('takeOver')
    expect(application(id).members).toMatchObject({ name: inputs().name, description: 'made by hand' })
    expect(scopesOf(application(id))).toEqual(['email', 'offline_access', 'profile'])
  })

  it('refuses to take over what would open a restricted application to everybody', async () => {
    const { id } = await applicationType.create(call, { ...inputs(), name: 'Old gateway' })
    pingOne.vendor.log.length = 0
    const refusal = applicationType.create(call, { ...inputs(), accessGroups: [], takeOver: id })
    await expect(refusal).rejects.toThrow('allowedGroups')
    expect(writes()).toEqual([])
  })

  it.each([
    ['one that is not there', () => '0b7e1b5d-6c0f-4e0a-9d1c-7f6f3c1f2a10', 'does not exist'],
    ['one of another type', () => pingOne.vendor.tenant.administrator.id, 'WORKER'],
  ])('refuses to take over %s', async (_title, id, words) => {
    await expect(applicationType.create(call, { ...inputs(), takeOver: id() })).rejects.toThrow(words)
    expect(writes()).toEqual([])
  })

  it('keeps an application whose grants failed in the state, so that the next deployment goes on with it', async () => {
    const failure = await applicationType
      .create(call, { ...inputs(), scopes: ['openid', 'payroll'] })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InitializationFailure)
    const { id, outputs, message } = failure as InitializationFailure
    expect(message).toContain('no scope payroll')
    expect(outputs).toMatchObject({ clientId: id, bornWith: expect.stringMatching(/./) })
    await applicationType.update(call, id, outputs, inputs())
    expect(scopesOf(application(id))).toEqual(['email', 'offline_access', 'profile'])
    expect(pingOne.vendor.inventory()).toHaveLength(1)
  })

  it("shows the vendor's reason, and neither the secret nor the token", async () => {
    const bad = { ...inputs(), redirectUris: ['http://login.acme.example/callback'] }
    const failure = (await applicationType.create(call, bad).catch((error: unknown) => error)) as Error
    expect(failure).toMatchObject({ code: 'vendor_refused' })
    expect(failure.message).toContain('INVALID_DATA')
    for (const secret of pingOne.vendor.secretsEverSeen()) expect(failure.message).not.toContain(secret)
    expect(pingOne.vendor.inventory()).toEqual([])
  })
})

describe('read', () => {
  it('finds no drift where there is none, whatever order the vendor gives lists in', async () => {
    const two = { ...inputs(), redirectUris: ['https://login.acme.example/b', 'https://login.acme.example/a'] }
    const { id, outputs } = await applicationType.create(call, two)
    application(id).members.redirectUris?.reverse()
    application(id).members.grantTypes.reverse()
    expect(await applicationType.read(call, id, outputs, two)).toEqual({ inputs: two, outputs })
  })

  it('finds no drift in a worker', async () => {
    const { id, outputs } = await applicationType.create(call, workerInputs())
    expect(await applicationType.read(call, id, outputs, workerInputs())).toEqual({ inputs: workerInputs(), outputs })
  })

  it.each<[string, (made: Application) => void, (string | number)[], string]>([
    [
      'a callback that was added',
      ({ members }) => members.redirectUris?.unshift('https://evil.example/cb'),
      ['redirectUris', 1],
      'delete',
    ],
    ['an application that was disabled', ({ members }) => (members.enabled = false), ['enabled'], 'update'],
    ['access that was opened', ({ members }) => delete members.accessControl, ['accessGroups', 0], 'add'],
    ['a grant type that was added', ({ members }) => members.grantTypes.push('IMPLICIT'), ['grantTypes', 2], 'delete'],
    ['PKCE that was given up', ({ members }) => (members.pkceEnforcement = 'OPTIONAL'), ['pkceEnforcement'], 'update'],
    ['scopes that were taken away', ({ grants }) => grants.clear(), ['scopes', 1], 'add'],
    ['another subject', (made) => setClaim(made, 'sub', '${user.email}'), ['attributes', 'sub'], 'update'],
    ['a claim that was added', (made) => setClaim(made, 'role', 'admin'), ['attributes', 'role'], 'delete'],
  ])('shows %s', async (_title, tamper, path, kind) => {
    const { id, outputs } = await applicationType.create(call, inputs())
    tamper(application(id))
    const found = (await applicationType.read(call, id, outputs, inputs())) as Found
    const [first, ...others] = await changesFrom(found, inputs())
    expect(first).toMatchObject({ path, kind, replaces: false })
    expect(others.map((change) => change.path[0])).toEqual(others.map(() => path[0]))
    const updated = await applicationType.update(call, id, found.outputs, inputs())
    expect(updated).toEqual(outputs)
    expect(await applicationType.read(call, id, updated, inputs())).toEqual({ inputs: inputs(), outputs })
  })

  it('shows a grant at another resource, and update takes it away', async () => {
    const { id, outputs } = await applicationType.create(call, inputs())
    const [api] = pingOne.vendor.tenant.resources
    const scope = { id: api?.scopes[0]?.id ?? '' }
    application(id).grants.set('extra', { id: 'extra', resource: { id: api?.id ?? '' }, scopes: [scope] })
    const found = (await applicationType.read(call, id, outputs, inputs())) as Found
    expect(found.inputs['scopes']).toContain(`PingOne API: ${scope.id}`)
    await applicationType.update(call, id, found.outputs, inputs())
    expect(application(id).grants.size).toBe(1)
  })

  it('shows a role that somebody gave the directory worker, and update takes it away', async () => {
    const { id, outputs } = await applicationType.create(call, workerInputs())
    const { tenant } = pingOne.vendor
    const role = tenant.roles.find(({ name }) => name === 'Organization Admin')
    assign(application(id), role?.id ?? '', tenant.environmentId)
    const found = (await applicationType.read(call, id, outputs, workerInputs())) as Found
    expect(found.inputs['roles']).toEqual(['Identity Data Read Only', 'Organization Admin'])
    await applicationType.update(call, id, found.outputs, workerInputs())
    expect(rolesOf(tenant, application(id))).toEqual(['Identity Data Read Only'])
  })

  it('says gone when PingOne says so', async () => {
    const { id, outputs } = await applicationType.create(call, inputs())
    pingOne.vendor.tenant.applications.delete(id)
    expect(await applicationType.read(call, id, outputs, inputs())).toBe('gone')
  })

  it.each([
    ['a 404 of a proxy', { status: 404, body: '<h1>Not found</h1>' }],
    ['a 403', { status: 403, body: { code: 'ACCESS_FAILED', message: 'no' } }],
  ])('does not take %s for an application that is gone', async (_title, answer) => {
    const { id, outputs } = await applicationType.create(call, inputs())
    pingOne.vendor.faults.before = ({ url }) => (url.pathname.endsWith(id) ? answer : undefined)
    await expect(applicationType.read(call, id, outputs, inputs())).rejects.toMatchObject({ code: 'vendor_refused' })
  })

  it('cannot read an application by its id alone', async () => {
    await expect(applicationType.read(call, 'some-id', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })
})

describe('update', () => {
  it('writes nothing when nothing but the credentials has changed', async () => {
    const { id, outputs } = await applicationType.create(call, inputs())
    pingOne.vendor.log.length = 0
    await applicationType.update(call, id, outputs, inputs())
    expect(writes()).toEqual([])
  })

  it('takes the access groups away when they leave the inputs', async () => {
    const { id, outputs } = await applicationType.create(call, inputs())
    await applicationType.update(call, id, outputs, { ...inputs(), accessGroups: [] })
    expect(application(id).members).not.toHaveProperty('accessControl')
  })

  it('says what to do when the application is gone', async () => {
    const { id, outputs } = await applicationType.create(call, inputs())
    pingOne.vendor.tenant.applications.delete(id)
    await expect(applicationType.update(call, id, outputs, inputs())).rejects.toThrow('pulumi refresh')
  })
})

describe('delete', () => {
  it('deletes the application, and takes one that is gone for deleted', async () => {
    const { outputs } = await applicationType.create(call, inputs())
    await applicationType.delete(call, outputs)
    expect(pingOne.vendor.inventory()).toEqual([])
    await applicationType.delete(call, outputs)
  })
})

describe('diff', () => {
  it('replaces for another environment alone, and never looks at what was taken over', async () => {
    const after = { ...inputs(), environmentId: '0b7e1b5d-6c0f-4e0a-9d1c-7f6f3c1f2a10', takeOver: 'x', name: 'Renamed' }
    const changes = await applicationType.diff({ urn: call.urn, state: {}, oldInputs: inputs(), newInputs: after })
    expect(changes).toEqual([
      { path: ['environmentId'], kind: 'update', replaces: true },
      { path: ['name'], kind: 'update', replaces: false },
    ])
  })
})

function inputs() {
  return {
    ...pingOne.connection,
    name: 'login.acme.example (test)',
    type: 'WEB_APP',
    enabled: true,
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
    redirectUris: ['https://login.acme.example/callback/pingone'],
    postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
    tokenEndpointAuthMethod: 'CLIENT_SECRET_POST',
    pkceEnforcement: 'S256_REQUIRED',
    homePageUrl: 'https://login.acme.example',
    accessGroups: [groupId('staff')],
    accessGroupType: 'ANY_GROUP',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    attributes: { sub: '${user.id}', groups: '${user.memberOfGroupNames}' },
  } satisfies Properties
}

function workerInputs() {
  return {
    ...pingOne.connection,
    name: 'login.acme.example (test) directory',
    type: 'WORKER',
    enabled: true,
    grantTypes: ['CLIENT_CREDENTIALS'],
    redirectUris: [],
    postLogoutRedirectUris: [],
    tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
    accessGroups: [],
    accessGroupType: 'ANY_GROUP',
    roles: ['Identity Data Read Only'],
  } satisfies Properties
}

function changesFrom(found: Found, newInputs: Properties) {
  return applicationType.diff({ urn: call.urn, state: found.outputs, oldInputs: found.inputs, newInputs })
}

function application(id: string): Application {
  const found = pingOne.vendor.tenant.applications.get(id)
  if (!found) throw new Error(`no application ${id}`)
  return found
}

function groupId(name: string): string {
  return pingOne.vendor.tenant.groups.find((group) => group['name'] === name)?.id ?? ''
}

function scopesOf({ grants }: Application): string[] {
  const scopes = pingOne.vendor.tenant.resources.flatMap((resource) => resource.scopes)
  const ids = [...grants.values()].flatMap((grant) => grant.scopes.map(({ id }) => id))
  return ids.map((id) => scopes.find((scope) => scope.id === id)?.name ?? '').toSorted()
}

function claimsOf({ attributes }: Application): Record<string, string> {
  return Object.fromEntries([...attributes.values()].map(({ name, value }) => [name, value]))
}

function setClaim({ attributes }: Application, name: string, value: string): void {
  const present = [...attributes.values()].find((attribute) => attribute.name === name)
  const id = present?.id ?? `claim-${name}`
  attributes.set(id, { id, name, required: false, mappingType: 'CUSTOM', ...present, value })
}

/** Requests of the log that change something. */
function writes(): string[] {
  return pingOne.vendor.log.filter((line) => !line.startsWith('GET') && !line.endsWith('/as/token'))
}
