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
        : {
            ...describeRule(route.allow),
            ...programsOf(id, route, stack.serviceAccounts),
            ...openPartsOf(route),
            ...signInOf(route),
          },
    ]),
  )
}

/** Who meets a rule: each way → words. */
export function describeRule(rule: string): Record<string, string> {
  return Object.fromEntries(alternatives(rule).map(({ rule: way, words }) => [way, words]))
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

/** What passes without a session although there is a rule. */
function openPartsOf({ publicPaths, corsPreflight }: RouteSettings): Record<string, string> {
  const paths = publicPaths.map((entry) => {
    const where = describePaths(entry)
    return [`public ${where}`, `everybody, without signing in, at ${where} (${entry.reason})`] as const
  })
  const preflight = 'everybody, without signing in, by CORS preflights (OPTIONS), which the app answers'
  return { ...Object.fromEntries(paths), ...(corsPreflight ? { 'CORS preflight': preflight } : {}) }
}

/** @returns which paths are meant, in words */
export function describePaths({ prefix, path, pattern }: Omit<RouteSettings['publicPaths'][number], 'reason'>): string {
  if (path !== undefined) return path
  return pattern === undefined ? `${prefix === '/' ? '' : prefix}/…` : `paths like ${pattern}`
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
