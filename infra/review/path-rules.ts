import { describePaths } from '../access.ts'
import { addressOf } from '../route-words.ts'
import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { difference } from './pairs.ts'
import { isSame } from './plain.ts'
import { say } from './phrase.ts'
import type { Route } from './reading.ts'
import type { RouteSide } from './route-rules.ts'

/** How a change of these may let who passes do more than before, and what it is about. */
const REACH = {
  tls: 'other servers may answer, by other certificates',
  rewrite: 'the app is asked for other paths or hosts',
  preserveHost: 'the app sees another host',
  requestHeaders: 'the app is told other things with each request',
  responseHeaders: 'browsers are told other things with each answer',
  respond: 'another answer is given',
  identity: 'the app is told other things about who is there',
} as const satisfies Partial<Record<keyof Route, string>>

/** Who gains and who loses by what a route is about: its paths, what of it is open, and how requests get to the app. */
export const ROUTE_PATH_RULES = {
  /** The rule holds for other addresses, and what it held for may fall to another route. */
  paths_changed: whereBoth(({ settings: before }, { settings: after }) => {
    const isMoved = before.from === after.from && addressOf(before) !== addressOf(after)
    return isMoved ? [widens(say`who passes reaches ${addressOf(after)} instead of ${addressOf(before)}`)] : []
  }),

  /** Whoever finds the address passes there. */
  public_paths: (before, after) => {
    const { added, removed } = difference(openPaths(before), openPaths(after))
    // A route that comes or goes with them says so here, for its rule does not.
    return [
      ...added.map((paths) => widens(say`everybody, without signing in, at ${paths}`)),
      ...removed.map((paths) => narrows(say`everybody, at ${paths}`)),
    ]
  },

  /** An OPTIONS request reaches the app without a session. */
  cors_preflight: whereBoth(({ settings: before }, { settings: after }) => {
    if (before.corsPreflight === after.corsPreflight) return []
    const says = say`everybody, without signing in, by CORS preflights (OPTIONS), which the app answers`
    return [after.corsPreflight ? widens(says) : narrows(says)]
  }),

  /** What is done with those who pass. */
  reach_changed: whereBoth(({ settings: before }, { settings: after }) =>
    (Object.keys(REACH) as (keyof typeof REACH)[])
      .filter((name) => isSameKind(before, after) && !isSame(before[name], after[name]))
      .map((name): Judgement => widens(say`who passes, where ${name} changes: ${{ parts: [REACH[name]] }}`)),
  ),
} satisfies Record<string, AccessRule<RouteSide>>

function openPaths(side: RouteSide | undefined): string[] {
  return side === undefined ? [] : side.settings.publicPaths.map((entry) => describePaths(entry))
}

/** Not where the whole route turns from one kind to another, which is said already. */
function isSameKind(before: Route, after: Route): boolean {
  const kinds = ['to', 'redirect', 'respond', 'forwardAuth'] as const
  return kinds.every((kind) => (before[kind] === undefined) === (after[kind] === undefined))
}
