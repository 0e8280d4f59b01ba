import { type Installation, newUser, type StoredIdentityProvider, type StoredUser } from './installation.ts'
import { search } from './jmespath.ts'

type Person = Pick<StoredUser, 'username' | 'email' | 'name'>

/**
 * Decides whether somebody comes in, and has their organizations be what mappings say.
 * @returns the user, or the words of the refusal
 * @throws ExpressionError where a mapping cannot be evaluated, of which the real one says only that an error occurred
 */
export function provision(
  installation: Installation,
  idp: StoredIdentityProvider,
  person: Person,
  claims: Record<string, unknown>,
): StoredUser | string {
  const { users } = installation
  const present = users.find(({ username, idpId }) => username === person.username && idpId === idp.idpId)
  if (!idp.autoProvision) {
    if (present && present.organizations.size > 0) return present
    return `User with username ${person.username} is unprovisioned. This user must be added to an organization before logging in.`
  }
  const mapped = organizationsOf(installation, idp, claims)
  const entered = [...(present?.organizations.values() ?? [])].some(({ autoProvisioned }) => !autoProvisioned)
  if (mapped.size === 0 && !entered) {
    present?.organizations.clear()
    return `No policies matched for ${person.username}. This user must be added to an organization before logging in.`
  }
  const user = present ?? newUser({ ...person, idpId: idp.idpId })
  if (!present) users.push(user)
  Object.assign(user, person)
  for (const [id, { autoProvisioned }] of user.organizations) {
    if (autoProvisioned && !mapped.has(id)) user.organizations.delete(id)
  }
  for (const [id, roles] of mapped) {
    // Somebody whom an administrator brought there stays as they are.
    if (user.organizations.get(id)?.autoProvisioned !== false)
      user.organizations.set(id, { roles, autoProvisioned: true })
  }
  return user
}

/** @returns organization → roles; only those that the mappings let the person into, with roles that are there */
function organizationsOf(
  { organizations, policies }: Installation,
  { idpId, defaultOrgMapping, defaultRoleMapping }: StoredIdentityProvider,
  claims: Record<string, unknown>,
): Map<string, string[]> {
  const mapped = new Map<string, string[]>()
  for (const [orgId, roles] of organizations) {
    const policy = policies.find((candidate) => candidate.idpId === idpId && candidate.orgId === orgId)
    // An empty one counts as none, and no mapping at all lets everybody in.
    const orgMapping = (policy?.orgMapping || defaultOrgMapping)?.replaceAll('{{orgId}}', orgId)
    if (orgMapping) {
      const said = search(claims, orgMapping)
      if (said !== true && said !== orgId) continue
    }
    const roleMapping = policy?.roleMapping || defaultRoleMapping
    const said = roleMapping ? search(claims, roleMapping) : []
    // More than one is for those who pay.
    const [role] = (Array.isArray(said) ? said : [said]).filter((name) => typeof name === 'string')
    if (role !== undefined && roles.includes(role)) mapped.set(orgId, [role])
  }
  return mapped
}
