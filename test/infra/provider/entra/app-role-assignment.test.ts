import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createAppRoleAssignmentType } from '../../../../infra/provider/entra/app-role-assignment.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import { guidOf, MICROSOFT_GRAPH, type ServicePrincipal } from '../../../support/idp/entra/store.ts'
import { callFor } from '../../../support/provider/call.ts'
import { startTrustedEntra, type TrustedEntra } from './trusted-entra.ts'

const NO_ROLE = '00000000-0000-0000-0000-000000000000'
const waits: number[] = []
const type = createAppRoleAssignmentType(async (milliseconds) => waits.push(milliseconds))
const call = callFor('entra-gateway-group-staff')

let entra: TrustedEntra
let resource: ServicePrincipal
beforeAll(async () => {
  entra = await startTrustedEntra()
})
afterAll(() => entra.close())
beforeEach(() => {
  entra.reset()
  waits.length = 0
  resource = entra.addServicePrincipal('login.acme.example (production)')
})

const group = (name: string): Properties => ({
  administration: entra.administration,
  resourceObjectId: resource.id,
  principalObjectId: guidOf(name),
  principalType: 'Group',
  appRoleId: NO_ROLE,
})
const assigned = () => [...entra.store.assignments.values()].map(({ id, principalId }) => [id, principalId])

describe('a group in an application', () => {
  it('is let in once, whatever died in between', async () => {
    const first = await type.create(call, group('staff'))
    expect(await type.create(call, group('staff'))).toEqual(first)
    expect(assigned()).toEqual([[first.id, guidOf('staff')]])
    expect(first.outputs).toEqual({ ...group('staff'), assignmentId: first.id })
  })

  it('is found among others, over all pages', async () => {
    const ids: string[] = []
    for (const name of ['staff', 'admins', 'contractors']) ids.push((await type.create(call, group(name))).id)
    expect((await type.create(call, group('contractors'))).id).toBe(ids[2])
    expect(assigned()).toHaveLength(3)
  })

  it('is let into an application that a replica does not know yet', async () => {
    resource.unknownFor = 2
    await type.create(call, group('staff'))
    expect(assigned()).toHaveLength(1)
    expect(waits).toEqual([500])
  })

  it('is not let into what does not exist', async () => {
    entra.store.servicePrincipals.clear()
    await expect(type.create(call, group('staff'))).rejects.toMatchObject({ code: 'vendor_refused' })
    expect(assigned()).toEqual([])
  })

  it('shows as gone when somebody took it out by hand, and not for a moment of ignorance', async () => {
    const { id, outputs } = await type.create(call, group('staff'))
    resource.unknownFor = 1
    expect(await type.read(call, id, outputs, group('staff'))).toEqual({ inputs: group('staff'), outputs })
    entra.store.assignments.clear()
    expect(await type.read(call, id, outputs, group('staff'))).toBe('gone')
  })

  it('is taken out, also when it is out already', async () => {
    const { outputs } = await type.create(call, group('staff'))
    await type.delete(call, outputs)
    expect(assigned()).toEqual([])
    await type.delete(call, outputs)
  })

  it('is replaced by another one, not changed into it', async () => {
    const request = { urn: call.urn, state: {}, oldInputs: group('staff'), newInputs: group('admins') }
    expect(await type.diff(request)).toEqual([{ path: ['principalObjectId'], kind: 'update', replaces: true }])
  })
})

describe('a role of Microsoft Graph', () => {
  const role = (): Properties => {
    const graph = [...entra.store.servicePrincipals.values()].find(({ appId }) => appId === MICROSOFT_GRAPH)
    return {
      administration: entra.administration,
      resourceObjectId: graph?.id ?? '',
      principalObjectId: resource.id,
      principalType: 'ServicePrincipal',
      appRoleId: graph?.appRoles[0]?.id ?? '',
    }
  }

  it('is given once, without reading all that Graph was ever given', async () => {
    const first = await type.create(call, role())
    expect((await type.create(call, role())).id).toBe(first.id)
    expect(assigned()).toHaveLength(1)
    expect(entra.log.filter((line) => /^GET .*appRoleAssignedTo$/.test(line))).toEqual([])
  })

  it('is given to an application that a replica does not know yet', async () => {
    resource.unknownFor = 2
    await type.create(call, role())
    expect(assigned()).toHaveLength(1)
  })

  it('that does not exist is refused', async () => {
    await expect(type.create(call, { ...role(), appRoleId: guidOf('no role') })).rejects.toMatchObject({
      code: 'vendor_refused',
    })
    expect(assigned()).toEqual([])
  })
})

it('asks for nothing when only its administration changes', async () => {
  const { id, outputs } = await type.create(call, group('staff'))
  entra.log.length = 0
  const changed = {
    ...group('staff'),
    administration: { ...entra.administration, clientSecret: 'next' },
  }
  expect(await type.update(call, id, outputs, changed)).toEqual({ ...changed, assignmentId: id })
  expect(type.plan(changed, outputs)).toEqual({ ...changed, assignmentId: id })
  expect(entra.log).toEqual([])
})

it('names every mistake at once', () => {
  const { failures } = type.check({ ...group('staff'), principalType: 'User', appRoleId: 'everything' })
  expect(failures.map(({ property }) => property)).toEqual(['principalType', 'appRoleId'])
})
