import { compilePolicy, nearest } from '../../runtime/policy/index.ts'
import type { Report } from './problems.ts'
import type { RouteSettings, StackParts } from './schema.ts'

/** What a rule reads elsewhere than among a person's claims. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ...['id', 'email', 'name', 'groups'].map((name) => [name, `user.${name}`] as const),
  ...['acr', 'amr'].map((name) => [name, `session.${name}`] as const),
  ['auth_time', 'session.age'],
])

/** Claims that a rule reads by name: one that nobody has would let nobody pass, or keep nobody out. */
export function checkRuleClaims(stack: StackParts, route: RouteSettings, report: Report): void {
  // Most rules read none, and are not compiled twice.
  if (!route.allow?.includes('claims')) return
  const kept = claimsKept(stack, route)
  for (const claim of kept ? (compilePolicy(route.allow).claims ?? []) : []) {
    if (kept?.has(claim)) continue
    const field = FIELDS.get(claim)
    report(['allow'], field ? `${claim} is no claim here: read ${field}` : notKept(claim, kept ?? []))
  }
}

/** @returns what any provider of the route keeps; nothing while one of them is not known, because it is wrong itself */
export function claimsKept(stack: StackParts, { identityProviders }: RouteSettings): ReadonlySet<string> | undefined {
  const accepted = (identityProviders ?? stack.names.identityProviders).map((id) => stack.identityProviders[id])
  return accepted.includes(undefined) ? undefined : new Set(accepted.flatMap((provider) => provider?.claims ?? []))
}

/**
 * What is said of a claim that no provider of a route keeps.
 * @param known names that would have been right
 */
export function notKept(claim: string, known: Iterable<string>): string {
  const near = nearest(claim, known)
  const advice = near === undefined ? ': name it in the provider’s claims' : `; did you mean ${near}?`
  return `no provider of this route keeps the claim ${claim}${advice}`
}
