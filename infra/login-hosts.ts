import type { StackConfig } from './config/index.ts'

/** What tells which login hosts offer a provider. */
export interface LoginHosts {
  url: string
  brands: Readonly<Record<string, { url: string; identityProviders: readonly string[] }>>
}

/**
 * Where people are offered a provider: brand → origin of its login host. The stack's own comes first, the others by name, so
 * that a brand which is added changes nothing of what is there.
 */
export function loginHostsOf({ url: home, brands }: LoginHosts, identityProvider: string): Map<string, string> {
  const offering = Object.entries(brands).filter(([, brand]) => brand.identityProviders.includes(identityProvider))
  const sorted = offering.toSorted(([one, { url }], [other, { url: otherUrl }]) => {
    if ((url === home) !== (otherUrl === home)) return url === home ? -1 : 1
    return one < other ? -1 : 1
  })
  return new Map(sorted.map(([id, { url }]) => [id, url]))
}

/**
 * The same as a list that is never empty.
 * @throws Error for a provider that no brand offers, which the stack file's checks do not let through
 */
export function loginUrlsOf(stack: StackConfig, identityProvider: string): [string, ...string[]] {
  const [first, ...others] = loginHostsOf(stack, identityProvider).values()
  if (first === undefined) throw new Error(`no brand offers ${identityProvider}`)
  return [first, ...others]
}
