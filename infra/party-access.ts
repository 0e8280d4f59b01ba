import type { IdentityProviderSettings, RelyingPartySettings } from './config/index.ts'

type Party = Pick<RelyingPartySettings, 'identityProvider' | 'allowedGroups'>

/**
 * Who may sign in to a relying party, in words: the identity provider decides about that, and the gateway has no part in it.
 * @param provider settings of the one that signs its people in
 */
export function describePartyAccess(party: Party, provider: IdentityProviderSettings): string {
  const groups = partyGroups(party, provider)
  const name = party.identityProvider
  if (groups.length === 0) return `everybody who can sign in at ${name}`
  return `people of ${name} in ${groups.length === 1 ? 'the group' : 'one of the groups'} ${groups.toSorted().join(', ')}`
}

/** @returns names of the groups whose members may sign in; none where that is everybody */
export function partyGroups({ allowedGroups }: Party, provider: IdentityProviderSettings): readonly string[] {
  return allowedGroups ?? ('allowedGroups' in provider ? (provider.allowedGroups ?? []) : [])
}
