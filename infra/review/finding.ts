import type { Phrase } from './phrase.ts'

/**
 * `widens`: somebody may pass who could not before, or we cannot prove that nobody may. `narrows`: somebody may not pass
 * who could, and nobody gains.
 */
export type Effect = 'widens' | 'narrows'

/** What one rule of a table says of one change. */
export interface Judgement {
  effect: Effect
  /** Who gains or loses what. */
  says: Phrase
}

/** What a change is about. */
export interface Subject {
  kind: 'route' | 'identityProvider' | 'relyingParty' | 'brand' | 'stack'
  /** Its name in the stack file. */
  id: string
  /** Routes that take an identity provider's people. */
  routes: readonly string[]
}

/** A judgement with the rule that made it and what it is about. */
export interface Finding extends Judgement {
  rule: string
  subject: Subject
}

/** A pure function over the two versions of one thing; undefined is a version that does not have it. */
export type AccessRule<Side> = (before: Side | undefined, after: Side | undefined) => Judgement[]

/** Asks every rule of a table about the two versions of one thing. */
export function judge<Side>(
  rules: Readonly<Record<string, AccessRule<Side>>>,
  subject: Subject,
  before: Side | undefined,
  after: Side | undefined,
): Finding[] {
  return Object.entries(rules).flatMap(([rule, decide]) =>
    decide(before, after).map((judgement) => ({ ...judgement, rule, subject })),
  )
}

/** Makes a rule of what only both versions together can tell. */
export function whereBoth<Side>(decide: (before: Side, after: Side) => Judgement[]): AccessRule<Side> {
  return (before, after) => (before === undefined || after === undefined ? [] : decide(before, after))
}

export function widens(says: Phrase): Judgement {
  return { effect: 'widens', says }
}

export function narrows(says: Phrase): Judgement {
  return { effect: 'narrows', says }
}
