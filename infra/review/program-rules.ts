import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { difference, pairs } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import { changedFields, field, isPlainMap, isSame, type Plain, type PlainMap, texts } from './plain.ts'
import type { RouteSide } from './route-rules.ts'
import type { StackSide } from './stack-rules.ts'

/** Which programs gain and lose a route. */
export const ROUTE_PROGRAM_RULES = {
  /** Whoever holds such a token may ask to pass, by the route's rule. */
  bearer_issuer: (before, after) => {
    const { added, removed } = difference(audiencesOf(before), audiencesOf(after))
    const programs = (entry: string): Phrase => {
      const [issuer = '', audience = ''] = JSON.parse(entry) as string[]
      return say`programs with a token of ${issuer} for ${audience}, by the route’s rule`
    }
    return [...added.map((entry) => widens(programs(entry))), ...removed.map((entry) => narrows(programs(entry)))]
  },

  /** A program with tokens of our own. */
  service_account: (before, after) => {
    const { added, removed } = difference(before?.serviceAccounts ?? [], after?.serviceAccounts ?? [])
    return [
      ...added.map((id) => widens(say`the program ${id}, by the route’s rule`)),
      ...removed.map((id) => narrows(say`the program ${id}, by the route’s rule`)),
    ]
  },
} satisfies Record<string, AccessRule<RouteSide>>

/** Which programs gain and lose by what is said of them in one place for all routes. */
export const STACK_PROGRAM_RULES = {
  /** Rules read the groups of a program as those of a person. */
  service_account_groups: whereAccounts((id, before, after) => {
    const { added, removed } = difference(texts(field(before, 'groups')), texts(field(after, 'groups')))
    return [
      ...(added.length > 0 ? [widens(say`the program ${id}, by rules that ask for ${added}`)] : []),
      // A rule may ask for a group not to be there.
      ...(removed.length > 0 ? [widens(say`the program ${id}, by rules that ask for ${removed} not to be there`)] : []),
    ]
  }),

  /** A token that somebody has lost, or has taken along, is good until it expires. */
  service_account_lifetime: whereAccounts((id, before, after) => {
    const [former, present] = [Number(field(before, 'expiresInDays')), Number(field(after, 'expiresInDays'))]
    if (former === present) return []
    const says = say`whoever has a token of the program ${id}: ${'expiresInDays'} from ${former} to ${present}`
    return [present > former ? widens(says) : narrows(says)]
  }),

  /** A token that is in no list any more is good no longer. */
  service_account_tokens: whereAccounts((id, before, after) => {
    const { added, removed } = difference(texts(field(before, 'tokens')), texts(field(after, 'tokens')))
    return [
      ...added.map((name) => widens(say`whoever is given the new token ${name} of the program ${id}`)),
      ...removed.map((name) => narrows(say`whoever has the token ${name} of the program ${id}`)),
    ]
  }),

  /** Somebody else says who the programs are. */
  token_issuer: whereBoth((before, after) =>
    pairs(mapOf(before, 'tokenIssuers'), mapOf(after, 'tokenIssuers')).flatMap(
      ({ id, before: former, after: present }) => {
        if (former === undefined || present === undefined || isSame(former, present)) return []
        const names = changedFields(former, present)
        return [widens(say`programs whose tokens ${id} accepts from now on: ${names} changes`)]
      },
    ),
  ),
} satisfies Record<string, AccessRule<StackSide>>

/** What a route takes, an entry for each pair of issuer and audience. */
function audiencesOf(side: RouteSide | undefined): string[] {
  return (side?.settings.bearer ?? []).map(({ tokenIssuer, audience }) => JSON.stringify([tokenIssuer, audience]))
}

/** A rule about two versions of the same account: one that comes or goes is told at its routes. */
function whereAccounts(decide: (id: string, before: PlainMap, after: PlainMap) => Judgement[]): AccessRule<StackSide> {
  return whereBoth((before, after) =>
    pairs(mapOf(before, 'serviceAccounts'), mapOf(after, 'serviceAccounts')).flatMap(
      ({ id, before: former, after: present }) =>
        former === undefined || present === undefined ? [] : decide(id, former, present),
    ),
  )
}

/** The maps in one setting of the stack, by name. */
function mapOf({ settings }: Pick<StackSide, 'settings'>, name: string): Map<string, PlainMap> {
  return mapsIn(settings.get(name))
}

/** @returns the maps in a map, by name; nothing where there is none */
export function mapsIn(value: Plain): Map<string, PlainMap> {
  const entries = isPlainMap(value) ? Object.entries(value) : []
  return new Map(entries.flatMap(([id, inner]) => (isPlainMap(inner) ? [[id, inner] as const] : [])))
}
