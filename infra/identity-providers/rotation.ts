import type { IdentityProviderSettings } from '../config/index.ts'

/**
 * How many secrets of one client that we register are good at the same time, by kind. Where it is one, we choose it, the
 * vendor knows the first of `clientSecrets`, and the other one is about to be that, or was a moment ago.
 */
export const SECRETS_AT_ONCE = {
  auth0: 1,
  entra: 2,
  keycloak: 1,
  local: 2,
  oidc: 2,
  okta: 2,
  pingone: 2,
  'pocket-id': 2,
} as const satisfies Record<Exclude<IdentityProviderSettings['kind'], 'google'>, 1 | 2>

/** A name that `nextSecretName` gives: a day, and a number where it is not the day's first. */
const DATED = /^(\d{4}-\d{2}-\d{2})(?:-(\d+))?$/

/**
 * The way of `clientSecrets` from one secret to the next: each entry is a state of the stack in which every sign-in
 * succeeds, also one that began in the state before. A rotation that broke off is led to its end, without another secret.
 * @param present `clientSecrets` as they are
 * @param fresh name for a new secret
 * @returns what to deploy, one after the other; or `ambiguous`, when nobody can tell which of two secrets is the new one
 */
export function rotationSteps(
  present: readonly string[],
  fresh: string,
  secretsAtOnce: 1 | 2,
): string[][] | 'ambiguous' {
  const [first, second] = present
  if (first === undefined) return [[fresh]]
  const pair = second === undefined ? { former: first, next: fresh } : olderFirst(first, second)
  if (pair === undefined) return 'ambiguous'
  const { former, next } = pair
  // One secret at a time: the gateway has to know the next one before the vendor does.
  const staged = secretsAtOnce === 1 && first !== next ? [[former, next]] : []
  // Two at a time, and no more: where the last rotation was killed in its last step, its old secret has yet to go.
  const cleared = secretsAtOnce === 2 && second === undefined ? [[first]] : []
  return [...cleared, ...staged, [next, former], [next]]
}

/**
 * Names a secret so that it comes after all present ones, also where a clock is behind or the day's first secret is gone
 * already: a rotation that breaks off is led on by that order, never back to the secret that was to go.
 * @param day in ISO form, `2026-11-22`
 */
export function nextSecretName(day: string, present: readonly string[]): string {
  const latest = present
    .filter((name) => DATED.test(name))
    .toSorted(byAge)
    .at(-1)
  const [, date = day, count = '1'] = DATED.exec(latest ?? '') ?? []
  return latest === undefined || date < day ? day : `${date}-${Number(count) + 1}`
}

/** Only names that are days tell their order; any other one is older than those. */
function olderFirst(one: string, other: string): { former: string; next: string } | undefined {
  if (!DATED.test(one) && !DATED.test(other)) return undefined
  if (!DATED.test(one)) return { former: one, next: other }
  if (!DATED.test(other)) return { former: other, next: one }
  return byAge(one, other) < 0 ? { former: one, next: other } : { former: other, next: one }
}

/** Orders names that are days, the oldest first. */
function byAge(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}
