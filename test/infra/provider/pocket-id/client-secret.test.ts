import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createClientSecretType } from '../../../../infra/provider/pocket-id/client-secret.ts'
import { createClientType } from '../../../../infra/provider/pocket-id/client.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import { keepSecret, type PocketIdVendor, upgrade } from '../../../support/idp/pocket-id/index.ts'
import { callFor } from '../../../support/provider/call.ts'
import { startPocketIds, type PocketIds } from '../../../support/idp/pocket-id/pocket-ids.ts'

const call = callFor('pocket-id-gateway-first')
const FIRST = 'first-proposed-secret-value'
const SECOND = 'second-proposed-secret-value'
const unhurried = async () => {}
const client = createClientType(unhurried)
const secret = createClientSecretType(unhurried)
let pocketIds: PocketIds

beforeAll(async () => {
  pocketIds = await startPocketIds()
})
afterAll(() => pocketIds.close())
beforeEach(async () => {
  pocketIds.reset()
  for (const vendor of [pocketIds.one, pocketIds.several]) await makeClient(vendor)
})

describe('from 2.14 on', () => {
  it('makes the proposed secret live beside those that are there', async () => {
    const first = await secret.create(call, inputs())
    const second = await secret.create(call, inputs({ proposed: SECOND, besideAnother: true }))
    expect(pocketIds.several.liveSecrets()).toEqual([FIRST, SECOND])
    expect(first.outputs).toMatchObject({ value: FIRST })
    expect(second.id).not.toBe(first.id)
  })

  it('finds what a deployment has made that died before it could say so', async () => {
    pocketIds.several.faults.after = ({ method }) => (method === 'POST' ? 'hang' : undefined)
    const dying = { ...call, signal: AbortSignal.timeout(50) }
    await expect(secret.create(dying, inputs())).rejects.toMatchObject({ code: 'unreachable' })
    delete pocketIds.several.faults.after
    const { outputs } = await secret.create(call, inputs())
    expect(theClient(pocketIds.several).secrets).toMatchObject([{ id: outputs['secretId'] }])
  })

  it('does not take an expired secret for a live one', async () => {
    keepSecret(pocketIds.several.tenant, theClient(pocketIds.several), FIRST, '2020-01-01T00:00:00Z')
    await secret.create(call, inputs())
    expect(pocketIds.several.liveSecrets()).toEqual([FIRST])
  })

  it('takes back its own secret alone, also twice', async () => {
    const { outputs } = await secret.create(call, inputs())
    await secret.create(call, inputs({ proposed: SECOND }))
    await secret.delete(call, outputs)
    await secret.delete(call, outputs)
    expect(pocketIds.several.liveSecrets()).toEqual([SECOND])
  })

  it('has nothing to take back once the client is gone', async () => {
    const { outputs } = await secret.create(call, inputs())
    pocketIds.several.tenant.clients.clear()
    await secret.delete(call, outputs)
    expect(pocketIds.several.log.at(-1)).toBe('GET /api/oidc/clients/gatewright.test')
  })

  it('says gone for a secret that was deleted by hand, and puts the same one back', async () => {
    const { id, outputs } = await secret.create(call, inputs())
    expect(await secret.read(call, id, outputs, inputs())).toEqual({ inputs: inputs(), outputs })
    theClient(pocketIds.several).secrets = []
    expect(await secret.read(call, id, outputs, inputs())).toBe('gone')
    await secret.create(call, inputs())
    expect(pocketIds.several.liveSecrets()).toEqual([FIRST])
  })

  it('comes along when the client has come to stand at another address', async () => {
    const { outputs } = await secret.create(call, inputs())
    theClient(pocketIds.several).secrets = []
    const moved = await secret.update(call, 'x', { ...outputs, url: 'https://old.example' }, inputs())
    expect(moved).toMatchObject({ url: pocketIds.several.url, value: FIRST })
    expect(pocketIds.several.liveSecrets()).toEqual([FIRST])
  })

  it('shows the refusal of Pocket ID without the secret', async () => {
    theClient(pocketIds.several).isPublic = true
    const failure = await secret.create(call, inputs()).catch(String)
    expect(failure).toContain('Cannot create a secret for a public client')
    expect(failure).not.toContain(FIRST)
  })
})

describe('before 2.14', () => {
  const old = (changed: Properties = {}) =>
    inputs({ url: pocketIds.one.url, apiKey: pocketIds.one.tenant.apiKey, ...changed })

  it("takes Pocket ID's own secret", async () => {
    const { outputs } = await secret.create(call, old())
    expect(pocketIds.one.liveSecrets()).toEqual([outputs['value']])
    expect(outputs['value']).not.toBe(FIRST)
  })

  it('denies a secret beside another one, and ends none', async () => {
    const { outputs } = await secret.create(call, old())
    const failure = secret.create(call, old({ proposed: SECOND, besideAnother: true }))
    await expect(failure).rejects.toMatchObject({ code: 'rotation_unsupported' })
    expect(pocketIds.one.liveSecrets()).toEqual([outputs['value']])
  })

  it('puts another one in its place, which the deletion of the former leaves alone', async () => {
    const first = await secret.create(call, old())
    const second = await secret.create(call, old({ proposed: SECOND }))
    await secret.delete(call, first.outputs)
    expect(pocketIds.one.liveSecrets()).toEqual([second.outputs['value']])
  })

  it('cannot see the secret, so that it is taken to be there until the client is gone', async () => {
    const { id, outputs } = await secret.create(call, old())
    expect(await secret.read(call, id, outputs, old())).toEqual({ inputs: old(), outputs })
    pocketIds.one.tenant.clients.clear()
    expect(await secret.read(call, id, outputs, old())).toBe('gone')
  })

  it('finds its secret again after the update to 2.14, and rotates it from then on', async () => {
    const { id, outputs } = await secret.create(call, old())
    upgrade(pocketIds.one.tenant)
    try {
      const found = await secret.read(call, id, outputs, old())
      if (found === 'gone') throw new Error('the secret is there')
      expect(found.outputs).toEqual({ ...outputs, secretId: theClient(pocketIds.one).secrets[0]?.id })
      await secret.create(call, old({ proposed: SECOND, besideAnother: true }))
      expect(pocketIds.one.liveSecrets()).toHaveLength(2)
      await secret.delete(call, outputs)
      expect(pocketIds.one.liveSecrets()).toEqual([SECOND])
    } finally {
      pocketIds.one.tenant.secretsApi = 'one'
    }
  })
})

describe('a change of the program', () => {
  it('of what is beside is none', async () => {
    expect(await diff({ besideAnother: true })).toEqual([])
  })

  it.each(['clientId', 'proposed'])('of %s makes another secret', async (property) => {
    expect(await diff({ [property]: 'something-quite-different' })).toEqual([
      { path: [property], kind: 'update', replaces: true },
    ])
  })

  it('of the key is made in place', async () => {
    expect(await diff({ apiKey: 'new-key' })).toEqual([{ path: ['apiKey'], kind: 'update', replaces: false }])
  })
})

it('is of no use without the client', async () => {
  pocketIds.several.tenant.clients.clear()
  await expect(secret.create(call, inputs())).rejects.toThrow('knows no client gatewright.test any more')
})

it('cannot be imported', async () => {
  await expect(secret.read(call, 'x', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
})

function diff(changed: Properties) {
  const request = { urn: call.urn, state: {}, oldInputs: inputs(), newInputs: inputs(changed) }
  return secret.diff(request)
}

function theClient({ tenant }: PocketIdVendor) {
  const [only] = tenant.clients.values()
  if (!only) throw new Error('there is no client')
  return only
}

async function makeClient({ url, tenant }: PocketIdVendor): Promise<void> {
  await client.create(call, {
    url,
    apiKey: tenant.apiKey,
    clientId: 'gatewright.test',
    name: 'login.example (test)',
    callbackUrls: ['https://login.example/callback/pocket-id'],
    logoutCallbackUrls: [],
    isPublic: false,
    pkceEnabled: true,
  })
}

function inputs(changed: Properties = {}): Properties {
  return {
    url: pocketIds.several.url,
    apiKey: pocketIds.several.tenant.apiKey,
    clientId: 'gatewright.test',
    proposed: FIRST,
    besideAnother: false,
    ...changed,
  }
}
