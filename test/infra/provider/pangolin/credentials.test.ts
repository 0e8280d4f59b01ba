import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { InitializationFailure } from '../../../../infra/provider/errors.ts'
import { createCredentialsType } from '../../../../infra/provider/pangolin/credentials.ts'
import { createIdentityProviderType } from '../../../../infra/provider/pangolin/identity-provider.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import type { TestPangolin } from '../../../support/pangolin/index.ts'
import { type Pangolins, startPangolins } from '../../../support/pangolin/pangolins.ts'
import { callFor } from '../../../support/provider/call.ts'

const call = callFor('tunnel')
const MARK = 'a-mark-that-nobody-guesses'
const SECRET = 'a-secret-of-the-client'
const type = createCredentialsType(async () => {})
let pangolins: Pangolins
let pangolin: TestPangolin
let idpId: string

beforeAll(async () => {
  pangolins = await startPangolins()
})
afterAll(() => pangolins.close())
beforeEach(async () => {
  pangolins.reset()
  await useA('endpoints')
})

describe('create', () => {
  it('completes it with the endpoints that the issuer names', async () => {
    const { id, outputs } = await type.create(call, inputs())
    expect(id).toBe(idpId)
    expect(theClient()).toMatchObject({
      clientId: 'the-client',
      clientSecret: SECRET,
      authUrl: `${pangolins.pocketId.url}/authorize`,
      tokenUrl: `${pangolins.pocketId.url}/api/oidc/token`,
      scopes: 'openid profile email',
      identifierPath: 'preferred_username',
      emailPath: 'email',
      namePath: 'name',
    })
    expect(outputs).toMatchObject({
      clientSecret: SECRET,
      addresses: { authUrl: `${pangolins.pocketId.url}/authorize` },
    })
  })

  it('tells a later Pangolin where the endpoints are named', async () => {
    await useA('discovery')
    await type.create(call, inputs())
    const { authUrl, tokenUrl, discoveryUrl } = theClient()
    const wellKnown = `${pangolins.pocketId.url}/.well-known/openid-configuration`
    expect({ authUrl, tokenUrl, discoveryUrl }).toEqual({ discoveryUrl: wellKnown })
  })

  it('takes endpoints that are given, and asks nobody', async () => {
    const endpoints = { authorizationEndpoint: 'https://id.example/a', tokenEndpoint: 'https://id.example/t' }
    await type.create(call, inputs({ issuer: 'https://id.example', ...endpoints }))
    expect(theClient()).toMatchObject({ authUrl: 'https://id.example/a', tokenUrl: 'https://id.example/t' })
    expect(pangolins.pocketId.log).toEqual([])
  })

  it('takes paths away that are left out', async () => {
    await type.create(call, inputs())
    const { emailPath: _, namePath: __, ...rest } = inputs()
    const { outputs } = await type.create(call, rest)
    expect(theClient()).toMatchObject({ emailPath: '', namePath: '' })
    expect(await type.read(call, idpId, outputs, rest)).toEqual({ inputs: rest, outputs })
  })

  it('denies an issuer that names no endpoint, or an unsafe one, and writes nothing', async () => {
    for (const endpoint of [undefined, 'http://id.example/authorize', 7]) {
      const issuer = pangolins.pocketId.url
      pangolins.pocketId.faults.before = () => ({
        body: { issuer, authorization_endpoint: endpoint, token_endpoint: `${issuer}/token` },
      })
      const before = structuredClone(theClient())
      await expect(type.create(call, inputs())).rejects.toMatchObject({ code: 'discovery_failed' })
      expect(theClient()).toEqual(before)
    }
  })

  it('denies an identity provider that is gone', async () => {
    pangolin.installation.identityProviders.clear()
    pangolin.log.length = 0
    await expect(type.create(call, inputs())).rejects.toMatchObject({ code: 'vendor_refused' })
    expect(pangolin.log.filter((line) => line.startsWith('POST'))).toEqual([])
  })

  it('says of a refusal neither the key nor the secret', async () => {
    pangolin.faults.before = ({ method, headers }) =>
      method === 'POST'
        ? { status: 400, body: { success: false, message: `No ${SECRET} with ${headers.authorization}` } }
        : undefined
    const failure = await type.create(call, inputs()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InitializationFailure)
    expect(String(failure)).toContain('it answered 400 (No [secret] with Bearer [secret])')
  })

  it('records and fails when Pangolin keeps something else', async () => {
    pangolin.faults.after = ({ method }) => {
      if (method === 'POST') theClient().scopes = 'openid'
      return undefined
    }
    const failure = await type.create(call, inputs()).catch((error: unknown) => error)
    expect(failure).toMatchObject({ id: idpId, cause: { code: 'registration_altered' } })
    expect(String(failure)).toContain('with another scopes')
    expect(String(failure)).not.toContain(SECRET)
  })
})

describe('read', () => {
  it.each(['endpoints', 'discovery'] as const)('finds no drift where there is none (%s)', async (addressing) => {
    await useA(addressing)
    const { outputs } = await type.create(call, inputs())
    expect(await type.read(call, idpId, outputs, inputs())).toEqual({ inputs: inputs(), outputs })
  })

  it.each([
    [{ scopes: 'openid' }, ['update scopes']],
    [{ identifierPath: 'email' }, ['update identifierPath']],
    [{ namePath: null }, ['add namePath']],
    [{ clientSecret: 'another-secret' }, ['update clientSecret']],
    [{ authUrl: 'https://evil.example/authorize' }, ['delete authUrl']],
  ])('shows %j that somebody set by hand, and an update puts it back', async (changed, expected) => {
    const { outputs } = await type.create(call, inputs())
    const before = structuredClone(theClient())
    Object.assign(theClient(), changed)
    const found = await type.read(call, idpId, outputs, inputs())
    if (found === 'gone') throw new Error('it is there')
    const request = { urn: call.urn, state: found.outputs, oldInputs: found.inputs, newInputs: inputs() }
    const changes = await type.diff(request)
    expect(changes.map(({ path, kind }) => `${kind} ${path.join('.')}`).toSorted()).toEqual(expected)
    expect(changes.some(({ replaces }) => replaces)).toBe(false)
    await type.update(call, idpId, found.outputs, inputs())
    expect(theClient()).toEqual(before)
  })

  it('is gone with its identity provider', async () => {
    const { outputs } = await type.create(call, inputs())
    pangolin.installation.identityProviders.clear()
    expect(await type.read(call, idpId, outputs, inputs())).toBe('gone')
  })

  it('denies an import', async () => {
    await expect(type.read(call, '1', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })
})

describe('update', () => {
  it('gives a new secret in one step', async () => {
    const { outputs } = await type.create(call, inputs())
    await type.update(call, idpId, outputs, inputs({ clientSecret: 'the-next-secret' }))
    expect(theClient()).toMatchObject({ clientId: 'the-client', clientSecret: 'the-next-secret' })
    expect(pangolin.log.filter((line) => line.startsWith('POST'))).toHaveLength(3)
  })

  it('waits while Pangolin is busy or away', async () => {
    const { outputs } = await type.create(call, inputs())
    const failures = [429, 503, 502]
    pangolin.faults.before = ({ method }) => {
      const status = method === 'POST' ? failures.shift() : undefined
      return status === undefined ? undefined : { status, body: {} }
    }
    await type.update(call, idpId, outputs, inputs({ scopes: 'openid groups' }))
    expect(theClient().scopes).toBe('openid groups')
  })
})

describe('at an identity provider that is somebody else’s', () => {
  it('denies to read or rewire it, and tells it no secret', async () => {
    const { outputs } = await type.create(call, inputs())
    const stored = pangolin.installation.identityProviders.get(Number(idpId))
    Object.assign(stored?.idp ?? {}, { defaultOrgMapping: '', defaultRoleMapping: null })
    Object.assign(theClient(), { clientId: 'their-client', clientSecret: 'their-secret' })
    const before = structuredClone(theClient())
    const code = 'identity_provider_not_ours'
    await expect(type.read(call, idpId, outputs, inputs())).rejects.toMatchObject({ code })
    const next = inputs({ clientSecret: 'the-next-secret' })
    await expect(type.update(call, idpId, outputs, next)).rejects.toMatchObject({ code })
    await expect(type.create(call, next)).rejects.toMatchObject({ code })
    expect(theClient()).toEqual(before)
  })
})

describe('delete', () => {
  it('leaves Pangolin as it is: a replacement has been written there already', async () => {
    const { outputs } = await type.create(call, inputs())
    const before = structuredClone(theClient())
    await type.delete(call, outputs)
    expect(theClient()).toEqual(before)
  })
})

describe('check', () => {
  it.each([
    ['idpId', 'abc'],
    ['issuer', 'http://id.example'],
    ['clientSecret', ''],
    ['identifierPath', ' '],
    ['authorizationEndpoint', 'http://id.example/a'],
  ])('denies %s %j', (property, value) => {
    expect(type.check(inputs({ [property]: value })).failures).toMatchObject([{ property }])
  })

  it('accepts what the component says', () => {
    expect(type.check(inputs()).failures).toEqual([])
  })
})

async function useA(addressing: 'endpoints' | 'discovery'): Promise<void> {
  pangolin = pangolins[addressing]
  const { api, apiKey, url } = pangolin
  const identityProvider = createIdentityProviderType(async () => {})
  const { id } = await identityProvider.create(call, {
    api,
    apiKey,
    url,
    mark: MARK,
    name: 'People',
    autoProvision: true,
  })
  idpId = id
}

function inputs(changed: Properties = {}): Properties {
  const { api, apiKey } = pangolin
  return {
    api,
    apiKey,
    idpId,
    mark: MARK,
    issuer: pangolins.pocketId.url,
    clientId: 'the-client',
    clientSecret: SECRET,
    scopes: 'openid profile email',
    identifierPath: 'preferred_username',
    emailPath: 'email',
    namePath: 'name',
    ...changed,
  }
}

function theClient() {
  const stored = pangolin.installation.identityProviders.get(Number(idpId))
  if (!stored) throw new Error(`there is no identity provider ${idpId}`)
  return stored.client
}
