import { alternatives } from '../runtime/policy/index.ts'
import type { RouteSettings, StackConfig } from './config/index.ts'

/** The one entry of a route that lets nobody in and keeps people out. */
const SIGN_IN = 'sign-in'
const NOBODY = 'nobody '

/** @returns whom an entry of a route keeps out, in words; undefined where it lets somebody in */
export function keptOut(rule: string, words: string): string | undefined {
  return rule === SIGN_IN ? words.slice(NOBODY.length) : undefined
}

/**
 * Who may pass, for reviewers: route → rule → words. Each way to pass is an entry of its own, so that a preview shows a
 * new one as one added line. So is every kind of program that may ask to pass by the rule, and who has to sign in again.
 */
export function describeAccess(
  stack: Pick<StackConfig, 'routes' | 'serviceAccounts'>,
): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(stack.routes).map(([id, route]) => [
      id,
      route.allow === undefined
        ? { public: `everybody, without signing in (${route.public ?? ''})` }
        : { ...waysOf(route.allow), ...programsOf(id, route, stack.serviceAccounts), ...signInOf(route) },
    ]),
  )
}

function waysOf(allow: string): Record<string, string> {
  return Object.fromEntries(alternatives(allow).map(({ rule, words }) => [rule, words]))
}

/** The rule decides about them, too: with their groups, an empty address and `user.kind` "program". */
function programsOf(
  routeId: string,
  { bearer }: RouteSettings,
  accounts: StackConfig['serviceAccounts'],
): Record<string, string> {
  const tokens = bearer.map(({ tokenIssuer, audience }) => [
    `bearer ${tokenIssuer} ${audience}`,
    `by the rule, programs with a token of ${tokenIssuer} for ${audience}`,
  ])
  const own = Object.entries(accounts)
    .filter(([, { routes }]) => routes.includes(routeId))
    .map(([id, { name = id, groups }]) => [
      `service account ${id}`,
      `by the rule, the program ${name}${groups.length > 0 ? `, in ${groups.join(', ')}` : ''}`,
    ])
  return Object.fromEntries([...tokens, ...own]) as Record<string, string>
}

function signInOf({ signIn }: RouteSettings): Record<string, string> {
  if (!signIn) return {}
  const { maxAgeMinutes, acr } = signIn
  const kept = [
    ...(maxAgeMinutes === undefined ? [] : [`more than ${maxAgeMinutes} minutes ago`]),
    ...(acr === undefined ? [] : [`otherwise than as ${acr.join(' or ')}`]),
  ]
  return { [SIGN_IN]: `${NOBODY}who has signed in ${kept.join(', or ')}` }
}
