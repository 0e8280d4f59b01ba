import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { difference } from './pairs.ts'
import { say } from './phrase.ts'
import type { RouteSide } from './route-rules.ts'

/** Who gains and who loses by what a route asks of a sign-in; of people who pass its rule anyhow. */
export const SIGN_IN_RULES = {
  /** How long ago somebody may have shown a credential. */
  sign_in_age: whereBoth((before, after) => {
    const [former, present] = [before, after].map(({ settings }) => settings.signIn?.maxAgeMinutes)
    return longest('who signed in', former, present, 'minutes ago')
  }),

  /** How somebody may have signed in. */
  sign_in_class: whereBoth((before, after) => {
    const [former, present] = [before, after].map(({ settings }) => settings.signIn?.acr)
    if (former === undefined && present === undefined) return []
    if (former === undefined) return [narrows(say`who has not signed in as ${present ?? []}`)]
    if (present === undefined) return [widens(say`who has signed in otherwise than as ${former}`)]
    const { added, removed } = difference(former, present)
    return [
      ...(added.length > 0 ? [widens(say`who has signed in as ${added}`)] : []),
      ...(removed.length > 0 ? [narrows(say`who has signed in as ${removed}`)] : []),
    ]
  }),
} satisfies Record<string, AccessRule<RouteSide>>

/** A limit that lets everything pass where there is none. */
function longest(who: string, before: number | undefined, after: number | undefined, unit: string): Judgement[] {
  if (before === after) return []
  const words = { parts: [who] }
  const unitWords = { parts: [unit] }
  if (after === undefined) return [widens(say`${words} more than ${before ?? 0} ${unitWords}: no limit any more`)]
  if (before === undefined || after < before) return [narrows(say`${words} more than ${after} ${unitWords}`)]
  return [widens(say`${words} up to ${after} ${unitWords}, instead of ${before}`)]
}
