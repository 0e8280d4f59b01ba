import { OWN_ACCOUNTS } from '../../runtime/config.ts'
import { compilePolicy, nearest } from '../../runtime/policy/index.ts'
import type { Report } from './problems.ts'
import type { StackParts } from './schema.ts'

/** What a rule reads elsewhere than among a person's claims. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ...['id', 'email', 'name', 'groups'].map((name) => [name, `user.${name}`] as const),
  ...['acr', 'amr'].map((name) => [name, `session.${name}`] as const),
  ['auth_time', 'session.age'],
])

/** A rule, and the providers whose people it is about. */
interface Ruled {
  rule: string | undefined
  accepted: readonly string[]
  /** Whose providers they are, in words. */
  of: string
}

/** Claims that a rule reads by name: one that nobody has would let nobody pass, or keep nobody out. */
export function checkRuleClaims(stack: StackParts, { rule, accepted, of }: Ruled, report: Report): void {
  // Most rules read none, and are not compiled twice.
  if (!rule?.includes('claims')) return
  const kept = claimsKept(stack, accepted)
  for (const claim of kept ? (compilePolicy(rule).claims ?? []) : []) {
    if (kept?.has(claim)) continue
    const field = FIELDS.get(claim)
    report([], field ? `${claim} is no claim here: read ${field}` : notKept(claim, kept ?? [], of))
  }
}

/**
 * @param ids of the providers whose people may pass; the gateway's own accounts have no claims
 * @returns what any of them keeps; nothing while one of them is not known, because it is wrong itself
 */
export function claimsKept(stack: StackParts, ids: readonly string[]): ReadonlySet<string> | undefined {
  const accepted = ids.filter((id) => id !== OWN_ACCOUNTS).map((id) => stack.identityProviders[id])
  return accepted.includes(undefined) ? undefined : new Set(accepted.flatMap((provider) => provider?.claims ?? []))
}

/**
 * What is said of a claim that nobody keeps.
 * @param known names that would have been right
 */
export function notKept(claim: string, known: Iterable<string>, of = 'this route'): string {
  const near = nearest(claim, known)
  const advice = near === undefined ? ': name it in the provider’s claims' : `; did you mean ${near}?`
  return `no provider of ${of} keeps the claim ${claim}${advice}`
}
