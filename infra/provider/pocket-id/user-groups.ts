import type { ProviderFunction } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { openApi } from './api.ts'
import { administrationSchema } from './schema.ts'

/**
 * Lists every group, as `groups` of `{ id, name }`; the name is what Pocket ID puts into the groups claim.
 * @param pause how to wait before a request is sent again; tests give one that does not
 */
export function createUserGroupsFunction(pause?: Pause): ProviderFunction {
  return async (args, signal) => {
    const groups = await openApi(administrationSchema.parse(args), signal, pause).listUserGroups()
    return { groups: groups.map(({ id, name }) => ({ id, name })) }
  }
}
