import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createIdentityProviderType } from '../../../../infra/provider/pangolin/identity-provider.ts'
import { createOrganizationPolicyType } from '../../../../infra/provider/pangolin/organization-policy.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import type { TestPangolin } from '../../../support/pangolin/index.ts'
import { type Pangolins, startPangolins } from '../../../support/pangolin/pangolins.ts'
import { callFor } from '../../../support/provider/call.ts'

const call = callFor('tunnel.acme')
const type = createOrganizationPolicyType(async () => {})
const MARK = 'a-mark-that-nobody-guesses'
let pangolins: Pangolins
let pangolin: TestPangolin
let idpId: string

beforeAll(async () => {
  pangolins = await startPangolins()
  pangolin = pangolins.endpoints
})
afterAll(() => pangolins.close())
beforeEach(async () => {
  pangolins.reset()
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
})

describe('create', () => {
  it('makes one', async () => {
    const { id, outputs } = await type.create(call, inputs())
    expect(id).toBe(`${idpId}/acme`)
    expect(outputs).toEqual(inputs())
    expect(policies()).toEqual([{ orgId: 'acme', roleMapping: "'Member'", orgMapping: '`true`' }])
  })

  it('takes over the one that is there', async () => {
    await type.create(call, inputs())
    await type.create(call, inputs({ roleMapping: "'Admin'" }))
    expect(policies()).toEqual([{ orgId: 'acme', roleMapping: "'Admin'", orgMapping: '`true`' }])
  })

  it('goes on after an answer that never came', async () => {
    pangolin.faults.after = ({ method }) => (method === 'PUT' ? 'hang' : undefined)
    const dying = { ...call, signal: AbortSignal.timeout(100) }
    await expect(type.create(dying, inputs())).rejects.toThrow('the time was up')
    delete pangolin.faults.after
    await type.create(call, inputs())
    expect(policies()).toHaveLength(1)
  })

  it('asks about an organization that is not there, of which Pangolin says nothing', async () => {
    const failure = type.create(call, inputs({ organization: 'nowhere' }))
    await expect(failure).rejects.toMatchObject({ code: 'vendor_refused' })
    await expect(failure).rejects.toThrow('Is there an organization with the id "nowhere" in this Pangolin?')
    expect(policies()).toEqual([])
  })

  it('denies an identity provider that is gone', async () => {
    pangolin.installation.identityProviders.clear()
    await expect(type.create(call, inputs())).rejects.toMatchObject({ code: 'vendor_refused' })
    expect(policies()).toEqual([])
  })
})

describe('read', () => {
  it('finds no drift where there is none', async () => {
    const { id, outputs } = await type.create(call, inputs())
    expect(await type.read(call, id, outputs, inputs())).toEqual({ inputs: inputs(), outputs })
  })

  it('shows a mapping that somebody changed by hand, and an update puts it back', async () => {
    const { id, outputs } = await type.create(call, inputs())
    Object.assign(pangolin.installation.policies[0] ?? {}, { roleMapping: "'Admin'", orgMapping: null })
    const found = await type.read(call, id, outputs, inputs())
    if (found === 'gone') throw new Error('it is there')
    expect(found.inputs).toMatchObject({ roleMapping: "'Admin'", orgMapping: '' })
    await type.update(call, id, found.outputs, inputs())
    expect(policies()).toEqual([{ orgId: 'acme', roleMapping: "'Member'", orgMapping: '`true`' }])
  })

  it('finds one beyond the first page of a thousand', async () => {
    const others = Array.from({ length: 1000 }, (_, index) => ({
      idpId: Number(idpId),
      orgId: `org-${index}`,
      roleMapping: null,
      orgMapping: null,
    }))
    pangolin.installation.policies.push(...others)
    const { id, outputs } = await type.create(call, inputs())
    expect(await type.read(call, id, outputs, inputs())).not.toBe('gone')
  })

  it('says gone', async () => {
    const { id, outputs } = await type.create(call, inputs())
    pangolin.installation.policies.length = 0
    expect(await type.read(call, id, outputs, inputs())).toBe('gone')
  })
})

describe('delete', () => {
  it('takes it away, and counts as done when it is gone', async () => {
    const { outputs } = await type.create(call, inputs())
    await type.delete(call, outputs)
    expect(policies()).toEqual([])
    await type.delete(call, outputs)
  })

  it('counts as done when the answer was lost', async () => {
    const { outputs } = await type.create(call, inputs())
    pangolin.faults.before = ({ method }) => {
      if (method === 'DELETE') pangolin.installation.policies.length = 0
      return undefined
    }
    await type.delete(call, outputs)
    expect(policies()).toEqual([])
  })

  it('fails when it stays', async () => {
    const { outputs } = await type.create(call, inputs())
    pangolin.faults.before = ({ method }) => (method === 'DELETE' ? { status: 503, body: {} } : undefined)
    await expect(type.delete(call, outputs)).rejects.toMatchObject({ code: 'unreachable' })
    expect(policies()).toHaveLength(1)
  })
})

describe('at an identity provider that is somebody else’s', () => {
  it('denies whatever is to be done, and changes nothing', async () => {
    const { id, outputs } = await type.create(call, inputs())
    for (const { idp, client } of pangolin.installation.identityProviders.values()) {
      Object.assign(idp, { defaultOrgMapping: null, defaultRoleMapping: null })
      client.clientId = 'their-client'
    }
    const code = 'identity_provider_not_ours'
    const next = inputs({ roleMapping: "'Admin'" })
    await expect(type.create(call, next)).rejects.toMatchObject({ code })
    await expect(type.read(call, id, outputs, inputs())).rejects.toMatchObject({ code })
    await expect(type.update(call, id, outputs, next)).rejects.toMatchObject({ code })
    await expect(type.delete(call, outputs)).rejects.toMatchObject({ code })
    expect(policies()).toEqual([{ orgId: 'acme', roleMapping: "'Member'", orgMapping: '`true`' }])
  })

  it('counts as gone with its identity provider', async () => {
    const { id, outputs } = await type.create(call, inputs())
    pangolin.installation.identityProviders.clear()
    expect(await type.read(call, id, outputs, inputs())).toBe('gone')
    await type.delete(call, outputs)
  })
})

describe('diff', () => {
  it('makes it anew for another organization or identity provider alone', async () => {
    const newInputs = inputs({ organization: 'guild', roleMapping: "'Admin'" })
    const changes = await type.diff({ urn: call.urn, state: {}, oldInputs: inputs(), newInputs })
    expect(changes.map(({ path, replaces }) => [path[0], replaces])).toEqual([
      ['organization', true],
      ['roleMapping', false],
    ])
  })
})

function inputs(changed: Properties = {}): Properties {
  const { api, apiKey } = pangolin
  return {
    api,
    apiKey,
    idpId,
    mark: MARK,
    organization: 'acme',
    roleMapping: "'Member'",
    orgMapping: '`true`',
    ...changed,
  }
}

function policies() {
  return pangolin.installation.policies.map(({ orgId, roleMapping, orgMapping }) => ({
    orgId,
    roleMapping,
    orgMapping,
  }))
}
