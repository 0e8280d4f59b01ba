import { ProviderError } from '../errors.ts'
import type { Properties } from '../properties.ts'
import type { Api, Described } from './api.ts'

/** Which identity provider is meant, and what it bears if this stack made it. */
export interface Claim {
  /** Base of the integration API. */
  api: string
  idpId: string
  mark: string
}

/**
 * Pangolin's default mappings, which decide about organizations that have no policy: an expression that no organization's id
 * is the value of (Pangolin's own default lets everybody into each of them), and one that no role's name is. Each bears the
 * mark, so that a change of one by hand leaves the other to tell whose it is.
 */
export function closedMappings(mark: string): { defaultOrgMapping: string; defaultRoleMapping: string } {
  return { defaultOrgMapping: `'closed (${mark})'`, defaultRoleMapping: `'nobody (${mark})'` }
}

/** @returns default mappings that are not what {@link closedMappings} wants, as they are */
export function openedMappings({ idp }: Described, mark: string): Properties {
  const wanted = Object.entries(closedMappings(mark)) as ['defaultOrgMapping' | 'defaultRoleMapping', string][]
  return Object.fromEntries(wanted.flatMap(([name, value]) => (idp[name] === value ? [] : [[name, idp[name] ?? '']])))
}

/** Whether it is the very one that a stack with this mark has made. */
export function bears(described: Described, mark: string): boolean {
  return isUnfinished(described, mark) || Object.keys(openedMappings(described, mark)).length < 2
}

/** Whether it never had a client, so that nobody can have come by it. */
export function isUnfinished({ idpOidcConfig }: Described, mark: string): boolean {
  return idpOidcConfig?.clientId === mark
}

/**
 * Reads what this stack has made. Numbers are small: a Pangolin that was built anew at the same address gives the same one to
 * somebody else's.
 * @throws ProviderError `identity_provider_not_ours` for one without the mark, besides what the API throws
 */
export async function readOurs(api: Api, claim: Claim): Promise<Described | 'gone'> {
  const found = await api.readIdentityProvider(claim.idpId)
  if (found === 'gone' || bears(found, claim.mark)) return found
  const { name } = found.idp
  const { defaultOrgMapping } = closedMappings(claim.mark)
  const text = `Identity provider ${claim.idpId} at ${claim.api} (${JSON.stringify(name)}) bears no mark of this stack, and was left as it is. Look at it in Pangolin (Server Admin → Identity Providers). If the stack made it and somebody changed its default mappings, write ${defaultOrgMapping} as its default organization mapping, and run the same command again. If it is somebody else's, or Pangolin was built anew, have the stack forget what it had there: "pulumi state delete" with the URN of this resource and of those that depend on it; what is then left over there is to be deleted by hand`
  throw new ProviderError('identity_provider_not_ours', text)
}
