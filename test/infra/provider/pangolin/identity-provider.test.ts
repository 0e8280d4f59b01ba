import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { InitializationFailure } from '../../../../infra/provider/errors.ts'
import { createIdentityProviderType } from '../../../../infra/provider/pangolin/identity-provider.ts'
import { type Properties, UNKNOWN } from '../../../../infra/provider/properties.ts'
import { newUser, type TestPangolin } from '../../../support/pangolin/index.ts'
import { type Pangolins, startPangolins } from '../../../support/pangolin/pangolins.ts'
import { callFor } from '../../../support/provider/call.ts'

const call = callFor('tunnel')
const MARK = 'a-mark-that-nobody-guesses'
const CLOSED = { defaultOrgMapping: `'closed (${MARK})'`, defaultRoleMapping: `'nobody (${MARK})'` }
const type = createIdentityProviderType(async () => {})
let pangolins: Pangolins
let pangolin: TestPangolin

beforeAll(async () => {
  pangolins = await startPangolins()
  pangolin = pangolins.endpoints
})
afterAll(() => pangolins.close())
beforeEach(() => pangolins.reset())

describe('create', () => {
  it.each(['endpoints', 'discovery'] as const)(
    'makes one that leads nowhere and takes nobody in, at a Pangolin that is told of %s',
    async (addressing) => {
      pangolin = pangolins[addressing]
      const { id, outputs } = await type.create(call, inputs())
      const callbackUrl = `${pangolin.url}/auth/idp/${id}/oidc/callback`
      expect(outputs).toEqual({ ...inputs(), idpId: id, callbackUrl })
      const { idp, client } = theOnly()
      expect(idp).toMatchObject({ name: 'People', autoProvision: true, ...CLOSED })
      const { authUrl = '', discoveryUrl = authUrl } = client
      expect(new URL(discoveryUrl).hostname).toBe('gatewright.invalid')
      expect(client.clientId).toBe(MARK)
      pangolin = pangolins.endpoints
    },
  )

  it('lets nobody come in by an account of their own before it is closed', async () => {
    const made: boolean[] = []
    pangolin.faults.after = ({ method }) => {
      if (method === 'PUT') made.push(theOnly().idp.autoProvision)
      return undefined
    }
    await type.create(call, inputs())
    expect(made).toEqual([false])
  })

  it('makes no twin when the answer never came, and goes on with what was left behind', async () => {
    await dieAfter('PUT')
    expect(pangolin.inventory()).toEqual(['identity provider People'])
    const { outputs } = await type.create(call, inputs({ name: 'Renamed' }))
    expect(pangolin.inventory()).toEqual(['identity provider Renamed'])
    expect(outputs).toMatchObject({ idpId: String(theOnly().idp.idpId), name: 'Renamed' })
    expect(theOnly().idp).toMatchObject(CLOSED)
  })

  it('makes no twin when it died once it was closed', async () => {
    await dieAfter('POST')
    await type.create(call, inputs())
    expect(pangolin.inventory()).toEqual(['identity provider People'])
  })

  it('is sent once, also when the answer is an error that does not say what was done', async () => {
    pangolin.faults.before = ({ method }) => (method === 'PUT' ? { status: 502, body: {} } : undefined)
    await expect(type.create(call, inputs())).rejects.toMatchObject({ code: 'unreachable' })
    delete pangolin.faults.before
    expect(pangolin.log.filter((line) => line.startsWith('PUT'))).toHaveLength(1)
  })

  it('leaves one of the same name alone that bears another mark', async () => {
    await type.create(call, inputs({ mark: 'the-mark-of-another-stack' }))
    const before = structuredClone(theOnly())
    const { id } = await type.create(call, inputs())
    expect(pangolin.installation.identityProviders.get(before.idp.idpId)).toEqual(before)
    expect(id).not.toBe(String(before.idp.idpId))
  })

  it('denies a dashboard at another address, says where it is, and keeps nothing', async () => {
    const failure = type.create(call, inputs({ url: 'https://pangolin.example' }))
    await expect(failure).rejects.toMatchObject({ code: 'registration_altered' })
    await expect(failure).rejects.toThrow(`has its dashboard at ${pangolin.url}, and not at https://pangolin.example`)
    expect(pangolin.inventory()).toEqual([])
  })

  it('tells both problems when it cannot be taken away again, and denies the same dashboard the next time', async () => {
    const wrong = inputs({ url: 'https://pangolin.example' })
    pangolin.faults.before = ({ method }) =>
      method === 'DELETE' ? { status: 403, body: { success: false, message: 'No permission' } } : undefined
    const failure = type.create(call, wrong)
    await expect(failure).rejects.toMatchObject({ code: 'registration_altered' })
    await expect(failure).rejects.toThrow(`has its dashboard at ${pangolin.url}`)
    await expect(failure).rejects.toThrow('could not be deleted')
    await expect(failure).rejects.toThrow('No permission')
    await expect(type.create(call, wrong)).rejects.toMatchObject({ code: 'vendor_refused' })
    expect(pangolin.inventory()).toEqual(['identity provider People'])
    delete pangolin.faults.before
    await expect(type.create(call, wrong)).rejects.toMatchObject({ code: 'registration_altered' })
    expect(pangolin.inventory()).toEqual([])
  })

  it('goes on with a complete one, by which people have come, when the state was lost', async () => {
    const { id } = await type.create(call, inputs())
    theOnly().client.clientId = 'the-client'
    expect(await type.create(call, inputs())).toMatchObject({ id })
  })

  it('denies a wrong key, says so without it, and makes nothing', async () => {
    const failure = await type.create(call, inputs({ apiKey: 'wrong.key-value' })).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'vendor_refused' })
    expect(String(failure)).toContain('it answered 401 (Invalid API key): check the credentials')
    expect(String(failure)).not.toContain('key-value')
    expect(pangolin.inventory()).toEqual([])
  })

  it('denies a key of an organization, in Pangolin’s words', async () => {
    pangolin.installation.keys.push({ value: 'org.key', isRoot: false })
    await expect(type.create(call, inputs({ apiKey: 'org.key' }))).rejects.toThrow(
      'it answered 403 (Key does not have root access): check the credentials, and what they may do',
    )
    expect(pangolin.inventory()).toEqual([])
  })

  it('denies an address where no integration API is', async () => {
    const api = pangolin.api.replace('/v1', '')
    await expect(type.create(call, inputs({ api }))).rejects.toMatchObject({ code: 'vendor_refused' })
  })

  it('records what was made when it cannot be closed', async () => {
    pangolin.installation.keys.push({ value: 'some.key', isRoot: true, actions: ['createIdp', 'getIdp'] })
    const failure = await type.create(call, inputs({ apiKey: 'some.key' })).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InitializationFailure)
    expect(failure).toMatchObject({ id: String(theOnly().idp.idpId), cause: { code: 'vendor_refused' } })
    expect(theOnly().idp.autoProvision).toBe(false)
  })

  it('gives a list up that has no end, and makes nothing', async () => {
    const idps = [{ idpId: 1, name: 'Again', type: 'other' }]
    const body = { success: true, data: { idps, pagination: { total: 1_000_000 } } }
    pangolin.faults.before = ({ method }) => (method === 'GET' ? { body } : undefined)
    await expect(type.create(call, inputs())).rejects.toThrow('more than 100 pages')
    expect(pangolin.inventory()).toEqual([])
  })

  it('waits when it is asked to', async () => {
    let refusals = 2
    pangolin.faults.before = () =>
      refusals-- > 0 ? { status: 429, headers: { 'retry-after': '1' }, body: {} } : undefined
    await type.create(call, inputs())
    expect(pangolin.inventory()).toHaveLength(1)
  })
})

describe('check', () => {
  it.each([
    ['api', 'http://api.pangolin.example/v1'],
    ['api', 'https://api.pangolin.example/v1/'],
    ['url', 'https://pangolin.example/path'],
    ['url', 'https://admin:pw@pangolin.example'],
    ['name', ''],
    ['mark', 'short'],
  ])('denies %s %j', (property, value) => {
    expect(type.check(inputs({ [property]: value })).failures).toMatchObject([{ property }])
  })

  it('accepts what the component says', () => {
    expect(type.check(inputs()).failures).toEqual([])
  })
})

describe('plan', () => {
  it('knows no callback before there is a number, and keeps it from then on', () => {
    expect(type.plan(inputs(), undefined)).toMatchObject({ idpId: UNKNOWN, callbackUrl: UNKNOWN })
    expect(type.plan(inputs({ name: 'Other' }), { idpId: '7' })).toMatchObject({
      idpId: '7',
      callbackUrl: `${pangolin.url}/auth/idp/7/oidc/callback`,
    })
  })
})

describe('read', () => {
  it('finds no drift where there is none', async () => {
    const { id, outputs } = await type.create(call, inputs())
    expect(await type.read(call, id, outputs, inputs())).toEqual({ inputs: inputs(), outputs })
  })

  it('shows what somebody has changed by hand, and an update puts it back', async () => {
    const { id, outputs } = await type.create(call, inputs())
    Object.assign(theOnly().idp, { name: 'Free for all', autoProvision: false, defaultOrgMapping: '`true`' })
    const found = await type.read(call, id, outputs, inputs())
    if (found === 'gone') throw new Error('it is there')
    expect(found.inputs).toMatchObject({ name: 'Free for all', autoProvision: false, defaultOrgMapping: '`true`' })
    const request = { urn: call.urn, state: found.outputs, oldInputs: found.inputs, newInputs: inputs() }
    expect((await type.diff(request)).map(({ path, kind }) => `${kind} ${path.join('.')}`).toSorted()).toEqual([
      'delete defaultOrgMapping',
      'update autoProvision',
      'update name',
    ])
    await type.update(call, id, found.outputs, inputs())
    expect(theOnly().idp).toMatchObject({ name: 'People', autoProvision: true, ...CLOSED })
  })

  it('says gone when Pangolin does, and fails when a proxy does', async () => {
    const { id, outputs } = await type.create(call, inputs())
    pangolin.faults.before = () => ({ status: 404, body: '<h1>Not found</h1>' })
    await expect(type.read(call, id, outputs, inputs())).rejects.toMatchObject({ code: 'vendor_refused' })
    delete pangolin.faults.before
    pangolin.installation.identityProviders.clear()
    expect(await type.read(call, id, outputs, inputs())).toBe('gone')
  })

  it('denies a page of something else', async () => {
    const { id, outputs } = await type.create(call, inputs())
    pangolin.faults.before = () => ({ status: 200, body: { hello: 'world' } })
    await expect(type.read(call, id, outputs, inputs())).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('denies an import', async () => {
    await expect(type.read(call, '1', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })
})

describe('update', () => {
  it('goes with a Pangolin that has got another address', async () => {
    const { id, outputs } = await type.create(call, inputs())
    const moved = { ...outputs, api: 'https://old-api.example/v1' }
    expect(await type.update(call, id, moved, inputs({ name: 'Moved' }))).toMatchObject({
      name: 'Moved',
      api: pangolin.api,
    })
  })

  it('denies another Pangolin, where the same number is somebody else’s, and changes nothing there', async () => {
    const { id, outputs } = await type.create(call, inputs())
    pangolin = pangolins.discovery
    const theirs = inputs({ mark: 'the-mark-of-another-stack', name: 'Theirs' })
    pangolin.installation.nextId = Number(id)
    await type.create(call, theirs)
    const before = structuredClone(theOnly())
    const failure = type.update(call, id, outputs, inputs())
    await expect(failure).rejects.toMatchObject({ code: 'identity_provider_not_ours' })
    await expect(failure).rejects.toThrow('that is another Pangolin')
    expect(theOnly()).toEqual(before)
    pangolin = pangolins.endpoints
  })

  it('says what to do when it is gone', async () => {
    const { id, outputs } = await type.create(call, inputs())
    pangolin.installation.identityProviders.clear()
    await expect(type.update(call, id, outputs, inputs())).rejects.toThrow('run "pulumi refresh"')
    expect(pangolin.inventory()).toEqual([])
  })

  it('is sent again when the answer is lost', async () => {
    const { id, outputs } = await type.create(call, inputs())
    let failures = 1
    pangolin.faults.before = ({ method }) =>
      method === 'POST' && failures-- > 0 ? { status: 503, body: {} } : undefined
    await type.update(call, id, outputs, inputs({ name: 'Renamed' }))
    expect(pangolin.inventory()).toEqual(['identity provider Renamed'])
  })

  it('never makes it anew, since everybody’s account would go with it', async () => {
    const newInputs = inputs({
      api: 'https://new.example/v1',
      url: 'https://new.example',
      name: 'New',
      mark: `${MARK}-2`,
    })
    const changes = await type.diff({ urn: call.urn, state: {}, oldInputs: inputs(), newInputs })
    expect(changes.map(({ replaces }) => replaces)).toEqual([false, false, false, false])
  })
})

describe('at a Pangolin that was built anew, where its number is somebody else’s', () => {
  it('denies to read, change or delete it, says what to do, and leaves it as it is', async () => {
    const { id, outputs } = await type.create(call, inputs())
    pangolin.installation.identityProviders.clear()
    pangolin.installation.nextId = Number(id)
    // Even of the same name.
    await type.create(call, inputs({ mark: 'the-mark-of-another-stack' }))
    const before = structuredClone(theOnly())
    for (const act of [
      () => type.read(call, id, outputs, inputs()),
      () => type.update(call, id, outputs, inputs({ name: 'Renamed' })),
      () => type.delete(call, outputs),
    ]) {
      const failure = act()
      await expect(failure).rejects.toMatchObject({ code: 'identity_provider_not_ours' })
      await expect(failure).rejects.toThrow('pulumi state delete')
    }
    expect(theOnly()).toEqual(before)
  })

  it.each(Object.keys(CLOSED))('knows its own by the other mapping when somebody has changed %s', async (mapping) => {
    const { id, outputs } = await type.create(call, inputs())
    theOnly().client.clientId = 'the-client'
    Object.assign(theOnly().idp, { [mapping]: '`true`' })
    expect(await type.read(call, id, outputs, inputs())).toMatchObject({ inputs: { [mapping]: '`true`' } })
    await type.update(call, id, outputs, inputs())
    expect(theOnly().idp).toMatchObject(CLOSED)
    Object.assign(theOnly().idp, { [mapping]: null })
    await type.delete(call, outputs)
    expect(pangolin.inventory()).toEqual([])
  })

  it('takes it back once the mark was written there by hand, as the message says', async () => {
    const { id, outputs } = await type.create(call, inputs())
    theOnly().client.clientId = 'the-client'
    Object.assign(theOnly().idp, { defaultOrgMapping: null, defaultRoleMapping: null })
    await expect(type.update(call, id, outputs, inputs())).rejects.toThrow(
      `write ${CLOSED.defaultOrgMapping} as its default organization mapping`,
    )
    Object.assign(theOnly().idp, { defaultOrgMapping: CLOSED.defaultOrgMapping })
    await type.update(call, id, outputs, inputs())
    expect(theOnly().idp).toMatchObject(CLOSED)
  })
})

describe('delete', () => {
  it('takes it away, with its people', async () => {
    const { id, outputs } = await type.create(call, inputs())
    const { users } = pangolin.installation
    users.push(newUser({ username: 'alice', email: null, name: null, idpId: Number(id) }))
    await type.delete(call, outputs)
    expect(pangolin.inventory()).toEqual([])
    expect(pangolin.installation.users).toEqual([])
  })

  it('counts as done when it is gone', async () => {
    const { outputs } = await type.create(call, inputs())
    await type.delete(call, outputs)
    await type.delete(call, outputs)
    expect(pangolin.inventory()).toEqual([])
  })
})

function inputs(changed: Properties = {}): Properties {
  const { api, apiKey, url } = pangolin
  return { api, apiKey, url, mark: MARK, name: 'People', autoProvision: true, ...changed }
}

function theOnly() {
  const [stored, ...others] = pangolin.installation.identityProviders.values()
  if (!stored || others.length > 0) throw new Error(`${pangolin.inventory().length} identity providers`)
  return stored
}

/** A create that hears of nothing after a request of this kind was carried out. */
async function dieAfter(method: string): Promise<void> {
  pangolin.faults.after = (asked) => (asked.method === method ? 'hang' : undefined)
  const dying = { ...call, signal: AbortSignal.timeout(100) }
  await expect(type.create(dying, inputs())).rejects.toThrow('the time was up')
  delete pangolin.faults.after
}
