import type { ASTNode } from '@marcbachmann/cel-js'

import { childNodes } from './ast.ts'
import { claimOf, type Field, fieldOf, FIELDS, isField, isRoot, literalText, rootOf } from './fields.ts'
import { Literals } from './literals.ts'
import { didYouMean } from './nearest.ts'
import { fault } from './policy-error.ts'

/** What a rule consists of, as far as somebody outside needs to know. */
export interface Inspection {
  /** Exactly the fields that it can read; nothing else can change a decision. */
  reads: ReadonlySet<Field>
  /** Names of claims that it reads; `undefined` where it goes over all of them. */
  claims: ReadonlySet<string> | undefined
  literals: Literals
}

const COMPREHENSIONS = new Set(['exists', 'exists_one', 'all', 'filter', 'map'])
const ZONED = new Set(
  'getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds'.split(
    ' ',
  ),
)
const FUNCTIONS = new Set(['has', 'size', 'string', 'int', 'double', 'bool', 'timestamp', 'duration', 'type'])
/** Nothing that makes a text of many texts: nested, such functions multiply. */
const METHODS = new Set([
  ...COMPREHENSIONS,
  ...ZONED,
  ...'startsWith endsWith contains matchesRe2 inNetwork holds timeOfDay lowerAscii upperAscii trim size split indexOf lastIndexOf substring'.split(
    ' ',
  ),
])

/** What is done for each group of somebody in thousands of groups is bounded more closely. */
const MAX_BODY_NODES = 40
/** What is added grows by one part each. */
const MAX_SUMS = 32

interface Scope {
  /** Inside of what is done for each element: its variable. */
  variable: string | undefined
}

/**
 * Refuses what the type checker lets pass but a request must not meet, and says what an expression reads. Names of ours are
 * only ever read field by field and never hidden by a variable, so that what is read is known exactly.
 * @throws PolicyError
 */
export function inspect(root: ASTNode): Inspection {
  const inspector = new Inspector()
  inspector.visit(root, { variable: undefined })
  return inspector
}

class Inspector implements Inspection {
  readonly reads = new Set<Field>()
  claims: Set<string> | undefined = new Set<string>()
  readonly literals = new Literals()
  private sums = 0

  visit(node: ASTNode, scope: Scope): void {
    if (this.visitField(node, scope)) return
    switch (node.op) {
      case 'id':
        if (isRoot(node.args)) throw fault(node, `${node.args} is no value: read a field of it`)
        return
      case '+':
        this.sums += 1
        if (this.sums > MAX_SUMS) throw fault(node, `adds more than ${MAX_SUMS} times`)
        break
      case 'in':
        if (this.visitClaimQuestion(node, scope)) return
        if (scope.variable !== undefined && node.args[1].op !== 'list') {
          throw fault(node.args[1], 'inside a comprehension, in needs a list that is written out')
        }
        break
      case '<':
      case '<=':
      case '>':
      case '>=':
        checkClock(node)
        break
      case 'call':
        if (!FUNCTIONS.has(node.args[0])) {
          throw fault(node, `there is no function ${node.args[0]}${didYouMean(node.args[0], FUNCTIONS)}`)
        }
        break
      case 'rcall':
        this.visitCall(node, scope)
        return
    }
    for (const child of childNodes(node)) this.visit(child, scope)
  }

  /** @returns whether the node is a field of ours, with nothing more inside of it to look at */
  private visitField(node: ASTNode, scope: Scope): boolean {
    const claim = claimOf(node)
    if (claim !== undefined) {
      this.claims?.add(claim)
      this.reads.add('user.claims')
      return true
    }
    const found = fieldOf(node)
    if (!found) {
      if ((node.op === '.' || node.op === '[]') && rootOf(node.args[0]) !== undefined) {
        throw fault(node, 'write the name of the field itself')
      }
      return false
    }
    const { root, name } = found
    if (!Object.hasOwn(FIELDS[root], name)) {
      throw fault(node, `${root} has no ${name}${didYouMean(name, Object.keys(FIELDS[root]))}`)
    }
    const field = `${root}.${name}` as Field
    if (field === 'user.claims') this.claims = undefined
    if (scope.variable !== undefined && ['user.groups', 'user.claims', 'session.amr'].includes(field)) {
      throw fault(node, `a comprehension inside another, or a list inside of one, takes too long: ${field} is a list`)
    }
    this.reads.add(field)
    return true
  }

  /** `"department" in user.claims` asks about one claim. */
  private visitClaimQuestion(node: Extract<ASTNode, { op: 'in' }>, { variable }: Scope): boolean {
    const [name, list] = node.args
    const claim = literalText(name)
    if (claim === undefined || variable !== undefined || !isField(list, 'user.claims')) return false
    this.claims?.add(claim)
    this.reads.add('user.claims')
    return true
  }

  private visitCall(node: Extract<ASTNode, { op: 'rcall' }>, scope: Scope): void {
    const [name, receiver, args] = node.args
    if (name === 'matches') throw fault(node, 'matches() can take exponential time; use text.matchesRe2("pattern")')
    if (!METHODS.has(name)) throw fault(node, `there is no function ${name}${didYouMean(name, METHODS)}`)
    if (COMPREHENSIONS.has(name)) return this.visitComprehension(node, scope)
    if (name === 'split' && scope.variable !== undefined) throw fault(node, 'split() takes too long here')
    if (name === 'matchesRe2') {
      checkReceiver(receiver, scope)
      this.literals.takePattern(node)
    }
    if (name === 'inNetwork') this.literals.takeNetwork(node)
    if (name === 'timeOfDay' || (ZONED.has(name) && args[0])) this.literals.takeZone(node)
    if (name === 'holds') return this.takeClaim(node, scope)
    for (const child of [receiver, ...args]) this.visit(child, scope)
  }

  private visitComprehension(node: Extract<ASTNode, { op: 'rcall' }>, scope: Scope): void {
    const [, receiver, [variable, ...body]] = node.args
    if (scope.variable !== undefined || hasComprehension(receiver)) {
      throw fault(node, 'nests comprehensions in each other')
    }
    if (variable?.op === 'id' && isRoot(variable.args)) throw fault(variable, `${variable.args} is a name of ours`)
    if (sizeOf(body) > MAX_BODY_NODES) throw fault(node, 'does too much for each element')
    this.visit(receiver, scope)
    const inside = { variable: variable?.op === 'id' ? variable.args : '' }
    for (const part of body) this.visit(part, inside)
  }

  /** `user.claims.holds("department", "it")` */
  private takeClaim(call: Extract<ASTNode, { op: 'rcall' }>, scope: Scope): void {
    const [, receiver, args] = call.args
    const claim = literalText(args[0])
    if (!isField(receiver, 'user.claims')) throw fault(receiver, 'only user.claims holds claims')
    if (claim === undefined) throw fault(args[0] ?? call, 'the name of a claim must be a literal string')
    this.claims?.add(claim)
    this.reads.add('user.claims')
    for (const child of args) this.visit(child, scope)
  }
}

/** For each group a pattern is held against the group alone, which is short. */
function checkReceiver(receiver: ASTNode, { variable }: Scope): void {
  if (variable !== undefined && !(receiver.op === 'id' && receiver.args === variable)) {
    throw fault(receiver, `inside a comprehension, a pattern can be asked of ${variable} alone`)
  }
}

/** Texts are compared sign by sign: `9:00` would be later than `17:00`. */
function checkClock(node: ASTNode & { args: [ASTNode, ASTNode] }): void {
  const [left, right] = node.args
  if (left.op !== 'rcall' || left.args[0] !== 'timeOfDay') return
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(literalText(right) ?? '')) {
    throw fault(right, 'write a time of day like "09:00"')
  }
}

function hasComprehension(node: ASTNode): boolean {
  return (node.op === 'rcall' && COMPREHENSIONS.has(node.args[0])) || childNodes(node).some(hasComprehension)
}

function sizeOf(nodes: readonly ASTNode[]): number {
  return nodes.reduce((size, node) => size + 1 + sizeOf(childNodes(node)), 0)
}
