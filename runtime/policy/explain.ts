import { type ASTNode, EvaluationError } from '@marcbachmann/cel-js'

import { spell } from './spelling.ts'
import { clause } from './clauses.ts'

/** How a rule, or a part of one, came out. */
export type Outcome = 'true' | 'false' | 'error'

/** One part of a rule with its answer. */
export interface Explanation {
  outcome: Outcome
  /** The part itself, spelled in one way. It may name addresses and groups: for the operator and the log alone. */
  rule: string
  /** What it means, for the operator. */
  words: string
  /** The same for somebody who may know no address, no network and no claim that others have, and not what keeps people out. */
  safeWords: string
  /** What went wrong where the outcome is an error; for the operator. */
  error?: string
  /** How the parts make the answer; a part without parts answers by itself. */
  joint?: 'all of' | 'one of' | 'not'
  parts: readonly Explanation[]
}

/** A part of a rule, ready to be asked. */
export interface Part {
  rule: string
  words: string
  safeWords: string
  joint?: 'all of' | 'one of' | 'not'
  parts: readonly Part[]
  evaluate: (context: object) => unknown
}

/**
 * Takes a rule apart at its `&&`, `||` and `!`.
 * @param compile in the rule's own language
 */
export function makeParts(node: ASTNode, compile: (text: string) => (context: object) => unknown): Part {
  const rule = spell(node)
  const worded = { rule, words: clause(node, 'operator'), safeWords: clause(node, 'stranger') }
  const [joint, nodes] = jointOf(node)
  const parts = nodes.map((part) => makeParts(part, compile))
  return joint === undefined
    ? { ...worded, parts, evaluate: compile(rule) }
    : { ...worded, joint, parts, evaluate: () => undefined }
}

/** Asks every part; the answers are put together as CEL does: an error counts unless another part decides alone. */
export function explainNode(part: Part, context: object): Explanation {
  const { rule, words, safeWords, joint } = part
  const worded = { rule, words, safeWords }
  if (joint === undefined) return { ...worded, ...answer(part, context), parts: [] }
  const parts = part.parts.map((inner) => explainNode(inner, context))
  return { ...worded, joint, parts, outcome: join(joint, parts) }
}

/**
 * The parts that made a rule's answer what it is: whoever wants another answer has to change these.
 * @returns parts without parts, in reading order
 */
export function decisiveParts(explanation: Explanation): readonly Explanation[] {
  const { joint, parts, outcome } = explanation
  if (joint === undefined) return [explanation]
  if (joint === 'one of' && outcome === 'true')
    return decisiveParts(parts.find((part) => part.outcome === 'true') ?? explanation)
  const counted = joint === 'not' ? parts : parts.filter((part) => part.outcome === outcome)
  return counted.flatMap(decisiveParts)
}

/**
 * What a person who was denied may be told: what the rule asks for and they do not have, to stand behind "this app asks for".
 * Never an address, a network or a claim's value, nor a group that people must not be in.
 * @returns for example `people in staff`
 */
export function missing(explanation: Explanation): string {
  return `people ${lacking(explanation)}`
}

function lacking({ joint, parts, safeWords, outcome }: Explanation): string {
  if (joint === 'one of') return unique(parts.map(lacking)).join(' or ')
  if (joint === 'all of') {
    return unique(parts.filter((part) => part.outcome !== 'true' || outcome === 'true').map(lacking)).join(' and ')
  }
  return safeWords
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)]
}

function jointOf(node: ASTNode): [Explanation['joint'], ASTNode[]] {
  switch (node.op) {
    case '&&':
      return ['all of', operands(node, '&&')]
    case '||':
      return ['one of', operands(node, '||')]
    case '!_':
      return ['not', [node.args]]
    default:
      return [undefined, []]
  }
}

/** What stands between operators of one kind, however it is grouped. */
function operands(node: ASTNode, operator: '&&' | '||'): ASTNode[] {
  return node.op === operator ? (node.args as ASTNode[]).flatMap((part) => operands(part, operator)) : [node]
}

function answer(part: Part, context: object): { outcome: Outcome; error?: string } {
  try {
    const value = part.evaluate(context)
    if (typeof value === 'boolean') return { outcome: value ? 'true' : 'false' }
    return { outcome: 'error', error: 'this is neither true nor false' }
  } catch (error) {
    return { outcome: 'error', error: error instanceof EvaluationError ? error.summary : String(error) }
  }
}

function join(joint: NonNullable<Explanation['joint']>, parts: readonly Explanation[]): Outcome {
  const outcomes = parts.map((part) => part.outcome)
  if (joint === 'not') return ({ true: 'false', false: 'true', error: 'error' } as const)[outcomes[0] ?? 'error']
  const decides = joint === 'all of' ? 'false' : 'true'
  if (outcomes.includes(decides)) return decides
  if (outcomes.includes('error')) return 'error'
  return joint === 'all of' ? 'true' : 'false'
}
