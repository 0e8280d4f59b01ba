import { type ASTNode, parse } from '@marcbachmann/cel-js'

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
  return `people ${clause(node)}`
}

function clause(node: ASTNode): string {
  switch (node.op) {
    case '&&':
      return node.args.map((part) => (part.op === '||' ? `(${clause(part)})` : clause(part))).join(' and ')
    case '||':
      return node.args.map(clause).join(' or ')
    case 'in':
      return isField(node.args[1], 'groups') && isText(node.args[0])
        ? `in ${groupName(node.args[0].args)}`
        : quoted(node)
    case '!_':
      return node.args.op === 'in' ? `not ${clause(node.args)}` : quoted(node)
    case '==':
      return isField(node.args[0], 'email') && isText(node.args[1])
        ? `with the address ${node.args[1].args}`
        : quoted(node)
    case 'rcall': {
      const [name, receiver, [argument]] = node.args
      const domain =
        name === 'endsWith' && isField(receiver, 'email') && argument && isText(argument) ? argument.args : ''
      return domain.startsWith('@') ? `with an address at ${domain.slice(1)}` : quoted(node)
    }
    default:
      return quoted(node)
  }
}

function isField(node: ASTNode, field: string): boolean {
  return node.op === '.' && node.args[1] === field && node.args[0].op === 'id' && node.args[0].args === 'user'
}

function isText(node: ASTNode): node is ASTNode & { args: string } {
  return node.op === 'value' && typeof node.args === 'string'
}

/** One of several words stands in quotes: `staff and in admins` may be the name of a group. */
function groupName(group: string): string {
  return /^[^\s"]+$/.test(group) ? group : JSON.stringify(group)
}

function quoted(node: ASTNode): string {
  return `for whom ${spell(node)}`
}
