import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createUserGroupsFunction } from '../../../../infra/provider/pocket-id/user-groups.ts'
import { startPocketIds, type PocketIds } from '../../../support/idp/pocket-id/pocket-ids.ts'

const getUserGroups = createUserGroupsFunction(async () => {})
const signal = AbortSignal.timeout(20_000)
let pocketIds: PocketIds

beforeAll(async () => {
  pocketIds = await startPocketIds()
})
afterAll(() => pocketIds.close())
beforeEach(() => pocketIds.reset())

it('lists the groups of all pages', async () => {
  const { url, tenant, log } = pocketIds.several
  const { groups } = await getUserGroups({ url, apiKey: tenant.apiKey }, signal)
  const known = tenant.groups.map(({ id, name }) => ({ id, name }))
  expect(groups).toEqual(known.toSorted((left, right) => left.name.localeCompare(right.name)))
  expect(log).toHaveLength(2)
})

it('lists a group once that stands on two pages', async () => {
  const { url, tenant, faults } = pocketIds.several
  const body = { data: [{ id: 'g1', name: 'staff' }], pagination: { totalPages: 3 } }
  faults.before = () => ({ body })
  const { groups } = await getUserGroups({ url, apiKey: tenant.apiKey }, signal)
  expect(groups).toEqual([{ id: 'g1', name: 'staff' }])
})

it('does not follow pages without end', async () => {
  const { url, tenant, faults } = pocketIds.several
  faults.before = () => ({ body: { data: [], pagination: { totalPages: 1e9 } } })
  await expect(getUserGroups({ url, apiKey: tenant.apiKey }, signal)).rejects.toMatchObject({ code: 'unreachable' })
})

it('denies a wrong key', async () => {
  const { url } = pocketIds.several
  await expect(getUserGroups({ url, apiKey: 'wrong' }, signal)).rejects.toMatchObject({ code: 'vendor_refused' })
})
