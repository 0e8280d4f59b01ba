import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { InitializationFailure } from '../../../../infra/provider/errors.ts'
import { createClientType } from '../../../../infra/provider/pocket-id/client.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import { keepSecret, type TenantClient } from '../../../support/idp/pocket-id/index.ts'
import { callFor } from '../../../support/provider/call.ts'
import { startPocketIds, type PocketIds } from '../../../support/idp/pocket-id/pocket-ids.ts'

const call = callFor('pocket-id-gateway')
const CALLBACK = 'https://login.example/callback/pocket-id'
const EVIL = 'https://evil.example/callback'
let pocketIds: PocketIds
const client = createClientType(async () => {})

beforeAll(async () => {
  pocketIds = await startPocketIds()
})
afterAll(() => pocketIds.close())
beforeEach(() => pocketIds.reset())

describe('create', () => {
  it('makes a confidential client with PKCE, under the chosen id', async () => {
    const { id, outputs } = await client.create(call, inputs())
    expect(id).toBe('gatewright.test')
    expect(theClient()).toMatchObject({
      id,
      name: 'login.example (test)',
      callbackURLs: [CALLBACK],
      logoutCallbackURLs: ['https://login.example/signed-out'],
      launchURL: 'https://login.example/',
      isPublic: false,
      pkceEnabled: true,
      isGroupRestricted: false,
    })
    expect(outputs).toEqual({ ...inputs(), clientId: id })
  })

  it('lets nobody in but the groups', async () => {
    await client.create(call, inputs({ allowedUserGroupIds: [groupId('staff')] }))
    expect(theClient()).toMatchObject({ isGroupRestricted: true, allowedUserGroupIds: [groupId('staff')] })
  })

  it('finds what a deployment has made that died before it could say so, and makes no twin', async () => {
    await client.create(call, inputs())
    const wanted = inputs({ name: 'Renamed', allowedUserGroupIds: [groupId('admins')] })
    const { id, outputs } = await client.create(call, wanted)
    expect(outputs).toEqual({ ...wanted, clientId: id })
    expect(theClient()).toMatchObject({ name: 'Renamed', allowedUserGroupIds: [groupId('admins')] })
  })

  it('makes no twin when the answer never came', async () => {
    several().faults.after = ({ method }) => (method === 'POST' ? 'hang' : undefined)
    const dying = { ...call, signal: AbortSignal.timeout(50) }
    await expect(client.create(dying, inputs())).rejects.toMatchObject({ code: 'unreachable' })
    delete several().faults.after
    const { id } = await client.create(call, inputs())
    expect(theClient().id).toBe(id)
  })

  it('denies to take over a client that somebody uses, and leaves it as it is', async () => {
    await client.create(call, inputs())
    keepSecret(several().tenant, theClient(), 'somebody-elses-secret', null)
    const before = structuredClone(theClient())
    const failure = client.create(call, inputs({ name: 'Mine' }))
    await expect(failure).rejects.toMatchObject({ code: 'vendor_refused' })
    await expect(failure).rejects.toThrow('write "import: gatewright.test" under this identity provider')
    expect(theClient()).toEqual(before)
  })

  it('takes over a client that is to be taken over, with all that is not ours to say', async () => {
    addByHand('by-hand')
    const { id } = await client.create(call, inputs({ takeOver: 'by-hand' }))
    expect(id).toBe('by-hand')
    expect(theClient()).toMatchObject({
      callbackURLs: [CALLBACK],
      isGroupRestricted: false,
      description: 'Made by hand',
      skipConsent: true,
      accessTokenDurationMinutes: 5,
      federatedIdentities: [{ issuer: 'https://ci.example' }],
    })
    expect(theClient().secrets).toHaveLength(1)
  })

  it('denies to take over what is not there, and makes nothing', async () => {
    await expect(client.create(call, inputs({ takeOver: 'nobody' }))).rejects.toThrow(
      'has no client nobody to take over',
    )
    expect(several().inventory()).toEqual([])
  })

  it('records a client of which a group is gone, and fails', async () => {
    const wanted = inputs({ allowedUserGroupIds: [groupId('staff'), 'no-such-group'] })
    const failure = await client.create(call, wanted).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InitializationFailure)
    expect(failure).toMatchObject({ id: 'gatewright.test', cause: { code: 'registration_altered' } })
    expect(String(failure)).toContain('with another allowedUserGroupIds')
    expect(theClient()).toMatchObject({ isGroupRestricted: true, allowedUserGroupIds: [groupId('staff')] })
  })

  it('denies a wrong key, says so without it, and makes nothing', async () => {
    const failure = await client.create(call, inputs({ apiKey: 'wrong-key-value' })).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'vendor_refused' })
    expect(String(failure)).toContain('answered 401 (You are not signed in: not_signed_in): check the credentials')
    expect(String(failure)).not.toContain('wrong-key-value')
    expect(several().inventory()).toEqual([])
  })

  it('waits when it is asked to', async () => {
    let refusals = 2
    several().faults.before = () =>
      refusals-- > 0
        ? { status: 429, headers: { 'retry-after': '1' }, body: { error: 'Too many requests' } }
        : undefined
    await client.create(call, inputs())
    expect(theClient().name).toBe('login.example (test)')
  })
})

describe('check', () => {
  it.each([
    ['callbackUrls', ['https://*.example/cb']],
    ['callbackUrls', []],
    ['url', 'http://id.example'],
    ['url', 'https://id.example/'],
    ['clientId', 'a b'],
    ['name', 'n'.repeat(51)],
  ])('denies %s %j', (property, value) => {
    expect(client.check(inputs({ [property]: value })).failures).toMatchObject([{ property }])
  })

  it('accepts what the component says', () => {
    expect(client.check(inputs()).failures).toEqual([])
  })
})

describe('read', () => {
  it('finds no drift where there is none, whatever order Pocket ID gives lists in', async () => {
    const wanted = inputs({ callbackUrls: ['https://b.example/cb', 'https://a.example/cb'] })
    const { id, outputs } = await client.create(call, wanted)
    theClient().callbackURLs.reverse()
    expect(await client.read(call, id, outputs, wanted)).toEqual({ inputs: wanted, outputs })
  })

  it('shows what was changed by hand, a line each', async () => {
    const wanted = inputs({ allowedUserGroupIds: [groupId('staff')] })
    const { id, outputs } = await client.create(call, wanted)
    theClient().callbackURLs = [EVIL, CALLBACK]
    theClient().pkceEnabled = false
    theClient().allowedUserGroupIds = [groupId('guests'), groupId('staff')]
    theClient().launchURL = null
    const found = await client.read(call, id, outputs, wanted)
    if (found === 'gone') throw new Error('the client is there')
    const changes = await client.diff({
      urn: call.urn,
      state: found.outputs,
      oldInputs: found.inputs,
      newInputs: wanted,
    })
    expect(changes).toEqual([
      { path: ['callbackUrls', 1], kind: 'delete', replaces: false },
      { path: ['pkceEnabled'], kind: 'update', replaces: false },
      { path: ['allowedUserGroupIds', 1], kind: 'delete', replaces: false },
      { path: ['launchUrl'], kind: 'add', replaces: false },
    ])
    await client.update(call, id, found.outputs, wanted)
    expect(theClient()).toMatchObject({
      callbackURLs: [CALLBACK],
      pkceEnabled: true,
      launchURL: 'https://login.example/',
    })
    expect(theClient().allowedUserGroupIds).toEqual([groupId('staff')])
  })

  it('shows that everybody was let in by hand', async () => {
    const wanted = inputs({ allowedUserGroupIds: [groupId('staff')] })
    const { id, outputs } = await client.create(call, wanted)
    Object.assign(theClient(), { isGroupRestricted: false, allowedUserGroupIds: [] })
    const found = await client.read(call, id, outputs, wanted)
    expect(found).not.toHaveProperty('inputs.allowedUserGroupIds')
  })

  it('says gone when Pocket ID does', async () => {
    const { id, outputs } = await client.create(call, inputs())
    several().tenant.clients.clear()
    expect(await client.read(call, id, outputs, inputs())).toBe('gone')
  })

  it.each([
    ['a 404 page of a proxy', { status: 404, body: '<h1>Not found</h1>' }],
    ['a path that this version does not have', { status: 404, body: { error: 'API endpoint not found' } }],
  ])('does not take %s for a client that is gone', async (_title, answer) => {
    const { id, outputs } = await client.create(call, inputs())
    several().faults.before = () => answer
    await expect(client.read(call, id, outputs, inputs())).rejects.toMatchObject({ code: 'vendor_refused' })
  })

  it('does not take another server for Pocket ID', async () => {
    const { id, outputs } = await client.create(call, inputs())
    several().faults.before = () => ({ body: { id: 'x' } })
    await expect(client.read(call, id, outputs, inputs())).rejects.toThrow('is that Pocket ID?')
  })

  it('cannot know by the id alone where a client is', async () => {
    await expect(client.read(call, 'x', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })
})

describe('diff', () => {
  it('looks at neither id again once the client is there', async () => {
    const changes = await diff(inputs({ takeOver: 'gatewright.test' }), inputs({ clientId: 'another-stack' }))
    expect(changes).toEqual([])
  })

  it('replaces for another client to take over', async () => {
    expect(await diff(inputs(), inputs({ takeOver: 'by-hand' }))).toEqual([
      { path: ['takeOver'], kind: 'update', replaces: true },
    ])
  })

  it('changes the address in place where the client is at the new one too, and shows nobody the key', async () => {
    await client.create(call, inputs())
    const asked: unknown[] = []
    several().faults.before = ({ headers }) => void asked.push(headers['x-api-key'])
    const changes = await diff(inputs({ url: 'https://old.example' }), inputs())
    expect(changes).toEqual([{ path: ['url'], kind: 'update', replaces: false }])
    expect(asked).toEqual([undefined])
  })

  it('replaces for another Pocket ID, which has no such client', async () => {
    const changes = await diff(inputs({ url: 'https://old.example' }), inputs())
    expect(changes).toEqual([{ path: ['url'], kind: 'update', replaces: true }])
  })

  it('does not replace for an address that does not answer', async () => {
    const changes = await diff(inputs({ url: 'https://old.example' }), inputs({ url: 'https://nobody.gw.localhost:9' }))
    expect(changes).toEqual([{ path: ['url'], kind: 'update', replaces: false }])
  })

  it('shows a new key as a change in place', async () => {
    const changes = await diff(inputs({ apiKey: 'old-key' }), inputs())
    expect(changes).toEqual([{ path: ['apiKey'], kind: 'update', replaces: false }])
  })
})

describe('a preview', () => {
  it('knows the id of the client beforehand', () => {
    expect(client.plan(inputs(), undefined)['clientId']).toBe('gatewright.test')
    expect(client.plan(inputs({ takeOver: 'by-hand' }), undefined)).toMatchObject({ clientId: 'by-hand' })
    expect(client.plan(inputs(), { clientId: 'recorded' })['clientId']).toBe('recorded')
  })
})

describe('update', () => {
  it('fails for a client that is gone, with what to do', async () => {
    await expect(client.update(call, 'gatewright.test', {}, inputs())).rejects.toThrow('run "pulumi refresh"')
    expect(several().inventory()).toEqual([])
  })

  it('lets everybody in once the groups are left out', async () => {
    const { id, outputs } = await client.create(call, inputs({ allowedUserGroupIds: [groupId('staff')] }))
    await client.update(call, id, outputs, inputs())
    expect(theClient()).toMatchObject({ isGroupRestricted: false, allowedUserGroupIds: [] })
  })
})

describe.each(['one', 'several'] as const)('delete, with %s secrets API', (secretsApi) => {
  it('removes the client, also twice', async () => {
    const { url, tenant } = pocketIds[secretsApi]
    const { outputs } = await client.create(call, inputs({ url, apiKey: tenant.apiKey }))
    expect(tenant.clients.size).toBe(1)
    await client.delete(call, outputs)
    await client.delete(call, outputs)
    expect(tenant.clients.size).toBe(0)
  })
})

function diff(before: Properties, after: Properties) {
  const state = { ...before, clientId: 'gatewright.test' }
  return client.diff({ urn: call.urn, state, oldInputs: before, newInputs: after })
}

function several() {
  return pocketIds.several
}

function theClient(): TenantClient {
  const [only, ...others] = several().tenant.clients.values()
  if (!only || others.length > 0) throw new Error('there is not one client')
  return only
}

function groupId(name: string): string {
  return several().tenant.groups.find((group) => group.name === name)?.id ?? ''
}

function addByHand(id: string): void {
  const { tenant } = several()
  const byHand: TenantClient = {
    id,
    name: 'By hand',
    description: 'Made by hand',
    callbackURLs: [EVIL],
    logoutCallbackURLs: [],
    launchURL: null,
    isPublic: false,
    pkceEnabled: false,
    requiresReauthentication: false,
    requiresPushedAuthorizationRequests: false,
    skipConsent: true,
    isGroupRestricted: true,
    accessTokenDurationMinutes: 5,
    refreshTokenDurationMinutes: 60,
    federatedIdentities: [{ issuer: 'https://ci.example' }],
    allowedUserGroupIds: [groupId('staff')],
    secrets: [],
  }
  tenant.clients.set(id, byHand)
  keepSecret(tenant, byHand, 'a-secret-made-by-hand', null)
}

function inputs(changed: Properties = {}): Properties {
  return {
    url: several().url,
    apiKey: several().tenant.apiKey,
    clientId: 'gatewright.test',
    name: 'login.example (test)',
    callbackUrls: [CALLBACK],
    logoutCallbackUrls: ['https://login.example/signed-out'],
    launchUrl: 'https://login.example/',
    isPublic: false,
    pkceEnabled: true,
    ...changed,
  }
}
