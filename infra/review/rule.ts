import { type ASTNode, parse } from '@marcbachmann/cel-js'

import { alternatives, compilePolicy, spell } from '../../runtime/policy/index.ts'

/** One way to pass, and what all has to be true for it. */
export interface Way {
  words: string
  /** Each in one spelling, so that blanks, quotes and order do not count. */
  conditions: ReadonlySet<string>
}

/** @param expression CEL that `compilePolicy` accepted @returns each way to pass */
export function waysOf(expression: string): Way[] {
  const nodes = operands(parse(expression).ast, '||')
  return alternatives(expression).map(({ words }, index) => ({ words, conditions: conditionsOf(nodes[index]) }))
}

/**
 * Whether whoever passes by the one would pass by the other too. Proven, not guessed: the other asks for nothing that the
 * one does not ask for. (CEL's `&&` is true only where both sides are, and its `||` wherever one is, even if the other fails.)
 */
export function implies(one: Way, other: Way): boolean {
  return one.conditions.has('false') || [...other.conditions].every((condition) => one.conditions.has(condition))
}

/**
 * Whether who knows less of a person never lets them pass: the rule asks for groups, an address or a name to be there,
 * and never for one to be missing.
 */
export function asksForPresence(expression: string): boolean {
  return isMonotone(parse(expression).ast)
}

/** Whether the rule reads the request: its method, path or host. */
export function readsRequest(expression: string): boolean {
  return mentions(parse(expression).ast, 'request')
}

/** Whether the rule reads the client's address, which is what proxies in front say. */
export function readsAddress(expression: string): boolean {
  return compilePolicy(expression).reads.has('request.ip')
}

function conditionsOf(node: ASTNode | undefined): ReadonlySet<string> {
  // Without a node nothing could be proven: a condition that no rule has.
  const conditions = node ? operands(node, '&&').map(spell) : ['']
  return new Set(conditions.filter((condition) => condition !== 'true'))
}

/** What stands between operators of one kind, however it is grouped. */
function operands(node: ASTNode, operator: '&&' | '||'): ASTNode[] {
  return node.op === operator ? (node.args as ASTNode[]).flatMap((part) => operands(part, operator)) : [node]
}

function isMonotone(node: ASTNode): boolean {
  if (!mentions(node, 'user') && !mentions(node, 'session')) return true
  switch (node.op) {
    case '&&':
    case '||':
      return node.args.every(isMonotone)
    case 'in':
      return isText(node.args[0]) && isFact(node.args[1])
    case '==':
      return (isFact(node.args[0]) && isText(node.args[1])) || node.args.every(isKept)
    case 'rcall': {
      const [name, receiver, args] = node.args
      if (name === 'exists') return isFact(receiver) && !args.some((argument) => mentions(argument, 'user'))
      return ['endsWith', 'startsWith', 'contains'].includes(name) && isFact(receiver) && args.every(isText)
    }
    default:
      return false
  }
}

/** `user.groups`, `user.email`, `user.name`: empty where nothing is known. */
function isFact(node: ASTNode): boolean {
  return isFieldOf(node, ['groups', 'email', 'name'])
}

/** What every session knows, whatever a provider says of the person; or what stands in the rule. */
function isKept(node: ASTNode): boolean {
  return isText(node) || isFieldOf(node, ['id', 'provider'])
}

function isFieldOf(node: ASTNode, fields: readonly string[]): boolean {
  return node.op === '.' && fields.includes(node.args[1]) && node.args[0].op === 'id' && node.args[0].args === 'user'
}

/** An empty text is what an unknown address equals. */
function isText(node: ASTNode): boolean {
  return node.op === 'value' && typeof node.args === 'string' && node.args !== ''
}

function mentions(node: ASTNode, name: string): boolean {
  return (node.op === 'id' && node.args === name) || childrenOf(node).some((child) => mentions(child, name))
}

/** Whatever the node's shape is: an unknown one must not hide what is inside. */
function childrenOf({ args }: ASTNode): ASTNode[] {
  return [args as unknown]
    .flat(3)
    .filter((part): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part)
}
