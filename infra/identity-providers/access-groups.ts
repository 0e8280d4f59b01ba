import type { ClientRequest } from './identity-provider.ts'

/** Groups whose members may sign in to a client, and who says so. */
export interface AccessGroups {
  names: readonly string[]
  /** Where the stack file has them: a mistake in one is reported there. */
  path: string
}

/**
 * The groups of a client: those of its relying party, or of the identity provider where that names none.
 * @param id of the identity provider in the stack file
 * @param otherwise what its settings say
 */
export function accessGroupsOf(id: string, otherwise: readonly string[], request: ClientRequest): AccessGroups {
  return request.allowedGroups === undefined
    ? { names: otherwise, path: `gatewright:identityProviders.${id}.allowedGroups` }
    : { names: request.allowedGroups, path: `gatewright:relyingParties.${request.relyingParty}.allowedGroups` }
}
