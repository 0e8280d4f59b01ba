import { type ASTNode, parse } from '@marcbachmann/cel-js'

import { clause } from './clauses.ts'
import { spell } from './spelling.ts'

/** One way to pass: the rule, spelled in one way whatever its author's parentheses, and what it means. */
export interface Alternative {
  rule: string
  /** For example `people in staff`. */
  words: string
}

/**
 * Puts a rule into words that a reviewer understands; what has no words is quoted as it is.
 * @param expression CEL that `compilePolicy` accepted
 * @returns for example `people in staff or in admins`
 */
export function describeRule(expression: string): string {
  const words = alternatives(expression).map((alternative) => alternative.words)
  if (words.length > 1 && words.every((text) => text.startsWith('people '))) {
    return `people ${words.map((text) => text.slice('people '.length)).join(' or ')}`
  }
  return words.join(', or ')
}

/** Splits a rule at its outermost `||`, so that a new way to pass shows up as one new entry. */
export function alternatives(expression: string): Alternative[] {
  return disjuncts(parse(expression).ast).map((node) => ({ rule: spell(node), words: wordsOf(node) }))
}

function disjuncts(node: ASTNode): ASTNode[] {
  return node.op === '||' ? node.args.flatMap(disjuncts) : [node]
}

function wordsOf(node: ASTNode): string {
  if (node.op === 'value' && node.args === true) return 'everyone who signs in'
  if (node.op === 'value' && node.args === false) return 'nobody'
  return `people ${clause(node, 'operator')}`
}
