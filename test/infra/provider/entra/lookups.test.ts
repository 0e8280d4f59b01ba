import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import {
  findGroups,
  findUnclaimedApplications,
  getAppRoles,
  getTenant,
} from '../../../../infra/provider/entra/index.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import { guidOf, MICROSOFT_GRAPH } from '../../../support/idp/entra/store.ts'
import { addSecret, startTrustedEntra, type TrustedEntra } from './trusted-entra.ts'

const TAG = "gatewright:login.acme.example (bob's)"

let entra: TrustedEntra
beforeAll(async () => {
  entra = await startTrustedEntra()
})
afterAll(() => entra.close())
beforeEach(() => entra.reset())

const ask = (question: typeof getTenant, args: Properties = {}) =>
  question({ administration: entra.administration, ...args }, AbortSignal.timeout(10_000))
const names = async (wanted: string[]) => {
  const { groups } = (await ask(findGroups, { names: wanted })) as unknown as { groups: { name: string }[] }
  return groups.map(({ name }) => name)
}

describe('the tenant', () => {
  it('says where its Graph is, and who we are in it', async () => {
    const { objectId } = entra.store.administrator
    expect(await ask(getTenant)).toEqual({ graphUrl: entra.authority, callerId: objectId })
  })

  it('is signed in to once for questions that are asked together', async () => {
    const administration = { ...entra.administration, clientSecret: 'another-secret' }
    entra.store.administrator.secret = 'another-secret'
    await Promise.all([ask(getTenant, { administration }), ask(findGroups, { administration, names: ['staff'] })])
    await ask(findGroups, { administration, names: ['admins'] })
    expect(entra.log.filter((line) => line.endsWith('/token'))).toHaveLength(1)
  })

  it('is asked again after a sign-in that failed', async () => {
    const administration = { ...entra.administration, tenantId: guidOf('elsewhere') }
    await expect(ask(getTenant, { administration })).rejects.toMatchObject({ code: 'vendor_refused' })
    await expect(ask(getTenant, { administration })).rejects.toMatchObject({ code: 'vendor_refused' })
    expect(entra.log.filter((line) => line.endsWith('/token'))).toHaveLength(2)
  })

  it.each([
    ['no address', {}],
    ['one without TLS', { microsoftGraphResourceId: 'http://graph.acme.example' }],
    ['one with a path', { microsoftGraphResourceId: 'https://graph.acme.example/path' }],
  ])('that gives %s for its Graph is sent no credential', async (title, body) => {
    entra.faults.before = ({ url }) => (url.pathname === '/metadata/endpoints' ? { body } : undefined)
    const administration = { ...entra.administration, clientId: `client of ${title}` }
    await expect(ask(getTenant, { administration })).rejects.toMatchObject({ code: 'unreachable' })
    expect(entra.log.filter((line) => line.startsWith('POST'))).toEqual([])
  })
})

describe('applications of an earlier deployment', () => {
  const found = () =>
    findUnclaimedApplications(
      { administration: entra.administration, tag: TAG },
      AbortSignal.timeout(10_000),
      async () => undefined,
    )

  it('are found by their tag, whatever they are called', async () => {
    const { id } = entra.addApplication('TERRAFORM_UPDATE_1', { tags: ['other', TAG] })
    entra.addApplication('login.acme.example', { tags: ['gatewright:else'] })
    expect(await found()).toEqual({ objectIds: [id] })
  })

  it('are all named, over all pages', async () => {
    const ids = [1, 2, 3].map((number) => entra.addApplication(`app ${number}`, { tags: [TAG], owners: [] }).id)
    expect(await found()).toEqual({ objectIds: ids })
  })

  it('are found although a replica does not know them yet', async () => {
    const { id } = entra.addApplication('TERRAFORM_UPDATE_1', { tags: [TAG], unknownFor: 2 })
    expect(await found()).toEqual({ objectIds: [id] })
  })

  it('are not adopted when somebody else owns them', async () => {
    entra.addApplication('in the way', { tags: [TAG], owners: [guidOf('person-bob')] })
    expect(await found()).toEqual({ objectIds: [] })
  })

  it('are not adopted when there is a secret that somebody may know', async () => {
    addSecret(entra.addApplication('in the way', { tags: [TAG] }), 'Gatewright first')
    expect(await found()).toEqual({ objectIds: [] })
  })
})

describe('groups', () => {
  it('are found by name', async () => {
    expect(await ask(findGroups, { names: ['staff', "O'Brien's team"] })).toEqual({
      groups: [
        { id: guidOf('staff'), name: 'staff' },
        { id: guidOf("O'Brien's team"), name: "O'Brien's team" },
      ],
    })
  })

  it('that nobody can let in are not among them', async () => {
    const found = await ask(findGroups, { names: ['staff'] })
    expect(found).toEqual({ groups: [{ id: guidOf('staff'), name: 'staff' }] })
    expect(entra.store.groups.filter(({ displayName }) => displayName === 'staff')).toHaveLength(2)
  })

  it('with names that begin alike are named for one that is unknown', async () => {
    expect(await names(['staf'])).toEqual(['staff', 'Staff Council'])
    expect(await names(['STAFF'])).toEqual(['staff', 'Staff Council'])
    expect(await names(['zoo'])).toEqual([])
  })

  it('of any name are asked for by that name, and no part of it is taken for a filter', async () => {
    const everyName = fc.string({
      minLength: 1,
      maxLength: 20,
      unit: fc.constantFrom(...'a\'é)(% \\&$?#/+"eqor'.split('')),
    })
    const isFound = fc.asyncProperty(everyName, async (name) => {
      const group = { id: guidOf(`made ${name}`), displayName: name, securityEnabled: true }
      entra.store.groups.push(group)
      const found = await ask(findGroups, { names: [name] })
      entra.store.groups.pop()
      expect(found).toEqual({ groups: [{ id: group.id, name }] })
    })
    await fc.assert(isFound, { seed: 20_261_122, numRuns: 40 })
  })

  it('that share a name are all named', async () => {
    entra.store.groups.push({ id: guidOf('another'), displayName: 'staff', securityEnabled: true })
    expect(await names(['staff'])).toEqual(['staff', 'staff'])
    entra.store.groups.pop()
  })
})

describe('roles of an application', () => {
  it('are found by name', async () => {
    const [graph] = entra.store.servicePrincipals.values()
    expect(await ask(getAppRoles, { clientId: MICROSOFT_GRAPH, roles: ['User.Read.All'] })).toEqual({
      objectId: graph?.id,
      roleIds: { 'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214' },
    })
  })

  it.each([
    ['a role that it has not', MICROSOFT_GRAPH, 'has no role Everything'],
    ['an application that is not there', guidOf('nothing'), 'there is no application'],
  ])('refuse %s', async (_title, clientId, text) => {
    const refused = ask(getAppRoles, { clientId, roles: ['Everything'] })
    await expect(refused).rejects.toThrow(text)
    await expect(refused).rejects.toMatchObject({ code: 'vendor_refused' })
  })
})

it('does not follow a list to another address', async () => {
  entra.faults.before = ({ url }) =>
    url.pathname === '/v1.0/groups'
      ? { body: { value: [], '@odata.nextLink': 'https://evil.example/next' } }
      : undefined
  await expect(ask(findGroups, { names: ['staff'] })).rejects.toMatchObject({ code: 'vendor_refused' })
})

it('takes no answer for one of Graph that is none', async () => {
  entra.faults.before = ({ url }) => (url.pathname === '/v1.0/groups' ? { body: { groups: [] } } : undefined)
  await expect(ask(findGroups, { names: ['staff'] })).rejects.toMatchObject({ code: 'unreachable' })
})
