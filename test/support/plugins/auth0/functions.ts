import type { Properties } from '../../../../infra/provider/properties.ts'
import type { ProviderFunction } from '../../../../infra/provider/resource-type.ts'
import { text } from './inputs.ts'
import type { Management } from './management.ts'

/** `auth0:index/getClients:getClients`: its filter is content with a part of the name. */
export function getClients(management: Management): ProviderFunction {
  return async (args, signal) => {
    const all = await management.list('clients', 'clients', {}, signal)
    const named = all.filter((client) => text(client, 'name').includes(text(args, 'nameFilter')))
    return {
      id: 'clients',
      clients: named.map((client): Properties => ({
        clientId: client['client_id'] ?? '',
        name: client['name'] ?? '',
        description: client['description'] ?? '',
        clientSecret: client['client_secret'] ?? '',
      })),
    }
  }
}

/** `auth0:index/getRole:getRole`: fails where there is none. */
export function getRole(management: Management): ProviderFunction {
  return async (args, signal) => {
    const name = text(args, 'name')
    const roles = await management.list('roles', 'roles', { name_filter: name }, signal)
    const role = roles.find((candidate) => candidate['name'] === name)
    if (!role) throw new Error(`No role found with "name" = ${JSON.stringify(name)}`)
    return { id: role['id'] ?? '', roleId: role['id'] ?? '', name: role['name'] ?? '', permissions: [], users: [] }
  }
}

/** `auth0:index/getAction:getAction`: fails unless there is exactly one. */
export function getAction(management: Management): ProviderFunction {
  return async (args, signal) => {
    const name = text(args, 'name')
    const query = new URLSearchParams({ actionName: name })
    const { actions } = await management.ask('GET', `actions/actions?${query.toString()}`, signal)
    const [action, ...others] = actions as Properties[]
    if (!action || others.length > 0) throw new Error(`No action found with "name" = ${JSON.stringify(name)}`)
    return { id: action['id'] ?? '', name: action['name'] ?? '' }
  }
}
