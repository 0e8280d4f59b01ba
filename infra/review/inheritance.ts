import { pathMatch } from '../config/index.ts'
import { type Finding, judge, type Subject, widens } from './finding.ts'
import { shareOf } from './heirs.ts'
import { say } from './phrase.ts'
import { everybodyWho, isPublic, ROUTE_RULES, type RouteSide } from './route-rules.ts'

/** Of two routes these differ by nature, and who passes at the heir passed there before. */
const OF_ONE_ROUTE = new Set<string>([
  'route_added',
  'route_removed',
  'upstream_changed',
  'host_moved',
  'host_changed',
  'paths_changed',
  'reach_changed',
] satisfies (keyof typeof ROUTE_RULES)[])

const RULES = Object.fromEntries(Object.entries(ROUTE_RULES).filter(([name]) => !OF_ONE_ROUTE.has(name)))

/**
 * Who gains by a route that is gone, or is elsewhere: the addresses that it answered are another one's from now on, which is
 * as if it had got the other one's settings.
 * @param id of the route, for the words
 * @param former as it was
 * @param heirs the others, by id, as they are to be
 * @returns nothing where nobody passes who did not pass before
 */
export function judgeHeirs(id: string, former: RouteSide, heirs: ReadonlyMap<string, RouteSide>): Finding[] {
  // Everybody passed.
  if (isPublic(former)) return []
  const subject: Subject = { kind: 'route', id, routes: [] }
  return [...heirs].flatMap(([heir, side]) =>
    gains(subject, former, withinReachOf(former, side)).map((says) => ({
      ...widens(say`what ${id} answered falls to ${heir}: ${says}`),
      rule: 'place_inherited',
      subject,
    })),
  )
}

/**
 * Who gains by the last route of a host that goes: the wildcard above it answers what nobody answered there.
 * @param id of that route
 * @param heirs the wildcard's routes, by id
 */
export function judgeHost(id: string, { settings }: RouteSide, heirs: ReadonlyMap<string, RouteSide>): Finding[] {
  return [...heirs].flatMap(([heir, side]) =>
    everybodyWho(side).map((says) => ({
      ...widens(say`what no route answered at ${settings.from} falls to ${heir}: ${says}`),
      rule: 'host_inherited',
      subject: { kind: 'route' as const, id, routes: [] },
    })),
  )
}

function gains(subject: Subject, former: RouteSide, heir: RouteSide): Finding['says'][] {
  if (isPublic(heir)) return everybodyWho(heir)
  return judge(RULES, subject, former, heir)
    .filter(({ effect }) => effect === 'widens')
    .map(({ says }) => says)
}

/** What the heir leaves open elsewhere was open before. */
function withinReachOf({ settings: { prefix, path, pattern } }: RouteSide, heir: RouteSide): RouteSide {
  const left = pathMatch({ prefix, path, pattern })
  const publicPaths = heir.settings.publicPaths.filter((entry) => shareOf(left, pathMatch(entry)) !== 'none')
  return { ...heir, settings: { ...heir.settings, publicPaths } }
}
