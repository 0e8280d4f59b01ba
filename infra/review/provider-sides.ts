import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { difference } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import type { PlainMap } from './plain.ts'
import { changedIdentity } from './provider-fields.ts'

/** One version of an identity provider. */
export interface ProviderSide {
  settings: PlainMap
  /** Whether each rule that its people meet asks for something to be there: then knowing less of them lets nobody in. */
  rulesAskForPresence: boolean
}

/** Whether it is another directory that signs people in. */
export function isReplaced(before: PlainMap, after: PlainMap): boolean {
  return changedIdentity(before, after).length > 0
}

/** A rule about two versions of the same directory; of another one everything is said by `provider_replaced`. */
export function whereSame(
  decide: (before: ProviderSide, after: ProviderSide) => Judgement[],
): AccessRule<ProviderSide> {
  return whereBoth((before, after) => (isReplaced(before.settings, after.settings) ? [] : decide(before, after)))
}

/** What a change of a list lets in and keeps out that lets everything pass where it is empty. */
export function restriction(
  before: readonly string[],
  after: readonly string[],
  words: {
    anybody: Phrase
    only: (items: readonly string[]) => Phrase
    entered: (items: readonly string[]) => Phrase
    left: (items: readonly string[]) => Phrase
  },
): Judgement[] {
  const { added, removed } = difference(before, after)
  if (added.length + removed.length === 0) return []
  if (after.length === 0) return [widens(words.anybody)]
  if (before.length === 0) return [narrows(words.only(added))]
  return [
    ...(added.length > 0 ? [widens(words.entered(added))] : []),
    ...(removed.length > 0 ? [narrows(words.left(removed))] : []),
  ]
}

/** Less is known of people: by a rule that asks for something *not* to be there, that may let them in. */
export function unlessAbsenceCounts(before: ProviderSide, after: ProviderSide, judgements: Judgement[]): Judgement[] {
  if (before.rulesAskForPresence && after.rulesAskForPresence) return judgements
  return judgements.map(({ says }) =>
    widens(say`whoever passes by a rule that asks for something not to be there, since less is known now of ${says}`),
  )
}
