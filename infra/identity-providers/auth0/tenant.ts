import type * as auth0 from '@pulumi/auth0'

import { StackConfigError } from '../../config/index.ts'
import type { AccessGroups } from '../access-groups.ts'
import { type Group, resolveGroups } from '../groups.ts'
import type { Auth0Sdk } from './sdk.ts'

/** Questions to a tenant, asked while the program is planned, in previews too. */
export interface Tenant {
  /**
   * @param description with the stack's mark
   * @returns the id of the client of exactly this name and description; nothing while the mark is yet to be made
   * @throws StackConfigError when there are several
   */
  findClient(name: string, description: unknown): Promise<string | undefined>
  /** @param name with the stack's mark in it; nothing is found while that is yet to be made */
  findAction(name: unknown): Promise<string | undefined>
  /**
   * Makes sure that every role exists.
   * @returns the same names
   * @throws StackConfigError with every name that is unknown
   */
  requireRoles(wanted: AccessGroups): Promise<readonly string[]>
}

/** @param providerId key in the stack file */
export function askTenant(sdk: Auth0Sdk, provider: auth0.Provider, providerId: string): Tenant {
  async function findRole(name: string): Promise<Group[]> {
    const asked = sdk.getRole({ name, skipPermissions: true, skipUsers: true }, { provider })
    const role = await asked.catch(noneFound)
    return role ? [{ id: role.id, name }] : []
  }
  return {
    async findClient(name, description) {
      if (typeof description !== 'string') return undefined
      const { clients } = await sdk.getClients({ nameFilter: name }, { provider })
      return onlyClient(clients, { name, description }, providerId)
    },
    async findAction(name) {
      if (typeof name !== 'string') return undefined
      const action = await sdk.getAction({ name }, { provider }).catch(noneFound)
      return action?.id
    },
    async requireRoles(wanted) {
      const found = await Promise.all(wanted.names.map(findRole))
      resolveGroups(wanted, found.flat())
      return wanted.names
    },
  }
}

/**
 * Picks a client by its exact name and description; the plugin's own filter is content with a part of the name.
 * @returns its id, or nothing where there is none
 * @throws StackConfigError when there are several
 */
export function onlyClient(
  clients: readonly { clientId?: string; name?: string; description: string }[],
  { name, description }: { name: string; description: string },
  providerId: string,
): string | undefined {
  const own = clients.filter((client) => client.name === name && client.description === description)
  const ids = own.map(({ clientId }) => clientId ?? '')
  if (ids.length > 1) {
    const what = `several applications at Auth0 are called ${JSON.stringify(name)} (${ids.join(', ')})`
    const message = `${what}: delete there what nobody uses, or give it another name, so that one is left`
    throw new StackConfigError([{ path: `gatewright:identityProviders.${providerId}`, message }])
  }
  return ids[0]
}

/** The plugin knows no other way to say that nothing has the name. */
function noneFound(error: unknown): undefined {
  if (error instanceof Error && /No (?:role|action) found with/.test(error.message)) return undefined
  throw error
}
