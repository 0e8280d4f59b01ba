import { OWN_ACCOUNTS } from '../../runtime/config.ts'
import { answerWords } from '../route-words.ts'
import { type AccessRule, narrows, whereBoth, widens } from './finding.ts'
import { difference } from './pairs.ts'
import { changedFields } from './plain.ts'
import { type Phrase, say } from './phrase.ts'
import { ROUTE_PATH_RULES } from './path-rules.ts'
import { ROUTE_PROGRAM_RULES } from './program-rules.ts'
import type { Route } from './reading.ts'
import { implies, readsRequest, type Way, waysOf } from './rule.ts'
import { SIGN_IN_RULES } from './sign-in-rules.ts'

/** One version of a route, with the providers that it takes people from. */
export interface RouteSide {
  settings: Route
  identityProviders: readonly string[]
  /** Programs of our own whose tokens count here. */
  serviceAccounts: readonly string[]
}

/** Who gains and who loses by a change of a route. */
export const ROUTE_RULES = {
  /** A new route opens an app to whom it lets pass. */
  route_added: (before, after) => (before || !after ? [] : everybodyWho(after).map(widens)),

  /** Nobody reaches an app by a route that is gone; who is let pass there by another one is told apart (judgeHeirs). */
  route_removed: (before, after) => (!before || after ? [] : everybodyWho(before).map(narrows)),

  /** Whoever finds the address passes. */
  public_opened: whereBoth((before, after) =>
    isPublic(before) || !isPublic(after) ? [] : everybodyWho(after).map(widens),
  ),

  /** Who meets no rule stays out from now on. */
  public_closed: whereBoth((before, after) =>
    !isPublic(before) || isPublic(after) ? [] : [narrows(say`everybody who does not meet the new rule`)],
  ),

  /** A way to pass that no former way covers. */
  way_added: whereBoth((before, after) => {
    const former = ways(before)
    const added = isPublic(before) ? [] : ways(after).filter((way) => !former.some((other) => implies(way, other)))
    return added.map(({ words }) => widens(say`${words}`))
  }),

  /** A way to pass that no new way covers; what is left of it is said. */
  way_removed: whereBoth((before, after) => {
    const present = ways(after)
    const removed = isPublic(after) ? [] : ways(before).filter((way) => !present.some((other) => implies(way, other)))
    return removed.map((way) => narrows(say`${way.words}${exceptions(present.filter((other) => implies(other, way)))}`))
  }),

  /** Somebody else signs people in for this route; a public one asks nobody. */
  provider_accepted: whereBoth((before, after) =>
    isPublic(before) || isPublic(after)
      ? []
      : difference(before.identityProviders, after.identityProviders).added.map((id) =>
          widens(say`${peopleOf(id)}, by the route’s rule`),
        ),
  ),

  /** Sessions of that provider do not count here any more. */
  provider_dropped: whereBoth((before, after) =>
    isPublic(before) || isPublic(after)
      ? []
      : difference(before.identityProviders, after.identityProviders).removed.map((id) => narrows(peopleOf(id))),
  ),

  /** Another login host signs people in: its accounts, and what it takes for a sign-in, are others. */
  brand_changed: whereBoth((before, after) =>
    before.settings.brand === after.settings.brand || isPublic(after)
      ? []
      : [
          widens(say`people who sign in at the brand ${after.settings.brand}, by the route’s rule`),
          narrows(say`people who sign in at the brand ${before.settings.brand}`),
        ],
  ),

  /** The same people, but what they reach may be another app. */
  upstream_changed: whereBoth(({ settings: before }, { settings: after }) =>
    answerWords(before) === answerWords(after)
      ? []
      : [widens(say`who passes reaches ${answerWords(after)} instead of ${answerWords(before)}`)],
  ),

  /** Whoever answers at a host can act in the name of people who pass there. */
  host_moved: whereBoth(({ settings: before }, { settings: after }) => {
    const hostname = hostnameOf(after.from)
    if (hostname === hostnameOf(before.from) || after.allow === undefined) return []
    return [widens(say`whoever controls ${hostname}, in the name of people who pass there`)]
  }),

  /** A rule that reads the request may say otherwise at another host. */
  host_changed: whereBoth(({ settings: before }, { settings: after }) =>
    before.from === after.from || !rulesReadRequest(after)
      ? []
      : [widens(say`people for whom the rule, which reads the request, is true at ${after.from}`)],
  ),

  /** Paths that were refused reach a rule that may read them otherwise than the app. */
  encoded_slash_allowed: whereBoth(({ settings: before }, { settings: after }) =>
    before.allowEncodedSlash || !after.allowEncodedSlash || !rulesReadRequest(after)
      ? []
      : [widens(say`people for whom the rule, which reads the request, is true of paths with an encoded slash`)],
  ),

  /** Pages of these origins act in the name of whoever looks at them. */
  websocket_origins: whereBoth(({ settings: before }, { settings: after }) => {
    const { added, removed } = difference(before.websocketOrigins, after.websocketOrigins)
    return [
      ...added.map((origin) => widens(say`pages of ${origin}, to open WebSockets in the name of who looks at them`)),
      ...removed.map((origin) => narrows(say`pages of ${origin}, to open WebSockets`)),
    ]
  }),

  ...ROUTE_PATH_RULES,
  ...SIGN_IN_RULES,
  ...ROUTE_PROGRAM_RULES,

  /** A setting of which these rules know nothing. */
  setting_unknown: whereBoth(({ settings: before }, { settings: after }) =>
    changedFields(before, after)
      .filter((name) => !JUDGED.has(name) && !WITHOUT_EFFECT.has(name))
      .map((name) => widens(say`whoever the changed setting ${name} lets pass, which this review cannot tell`)),
  ),
} satisfies Record<string, AccessRule<RouteSide>>

/** Settings that the rules above judge, each by a rule of its own. */
const JUDGED: ReadonlySet<string> = new Set([
  'brand',
  'from',
  'to',
  'allow',
  'public',
  'identityProviders',
  'websocketOrigins',
  'allowEncodedSlash',
  'signIn',
  'bearer',
  'prefix',
  'path',
  'pattern',
  'redirect',
  'publicPaths',
  'corsPreflight',
  'forwardAuth',
  'identity',
  'tls',
  'rewrite',
  'preserveHost',
  'requestHeaders',
  'responseHeaders',
  'respond',
])

/** Settings that let nobody in and keep nobody out. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'balance',
  'protocol',
  'healthCheck',
  'retries',
  'timeouts',
  'limits',
])

/** @returns each way to pass at a route, in words; nothing where nobody passes */
export function everybodyWho(side: RouteSide): Phrase[] {
  if (isPublic(side)) return [say`everybody, without signing in (${side.settings.public ?? ''})`]
  return ways(side)
    .filter(({ conditions }) => !conditions.has('false'))
    .map(({ words }) => say`${words}`)
}

function peopleOf(provider: string): Phrase {
  return provider === OWN_ACCOUNTS
    ? say`people with an account of the gateway’s own, by password or passkey`
    : say`people whom ${provider} signs in`
}

/** A wildcard stands for one label, which any name may take the place of. */
function hostnameOf(from: string): string {
  return new URL(from.replace('*', 'any')).hostname.replace(/^any\./, '*.')
}

function exceptions(left: readonly Way[]): Phrase {
  return left.length === 0 ? say`` : say`, except ${left.map(({ words }) => words)}`
}

function ways({ settings }: RouteSide): Way[] {
  return settings.allow === undefined ? [] : waysOf(settings.allow)
}

/** Whether nobody is asked who they are. */
export function isPublic({ settings }: RouteSide): boolean {
  return settings.allow === undefined
}

function rulesReadRequest({ allow }: RouteSide['settings']): boolean {
  return allow !== undefined && readsRequest(allow)
}
