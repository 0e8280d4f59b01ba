import type { ASTNode } from '@marcbachmann/cel-js'

import { claimOf, type Field, isField, literalText } from './fields.ts'
import { spell } from './spelling.ts'

/**
 * Who reads the words. A stranger is somebody who was denied: they are told which groups, domains and kinds of sign-in are
 * asked for, which helps them to ask for access, but no address, network or claim that others have, and not what keeps people out.
 */
export type Reader = 'operator' | 'stranger'

const UNTOLD = 'who meet a condition of its administrators'

/**
 * Puts a condition into words that stand behind "people".
 * @param node of a rule that `compilePolicy` accepted
 * @returns for example `in staff and with an address at acme.example`; what has no words is quoted as it is
 */
export function clause(node: ASTNode, reader: Reader): string {
  switch (node.op) {
    case '&&':
    case '||':
      return joined(node, reader)
    case '!_':
      return negated(node, reader)
    case 'value':
      return node.args === true ? 'who sign in' : node.args === false ? 'that nobody is' : quoted(node, reader)
    default:
      return simple(node, reader) ?? quoted(node, reader)
  }
}

function joined(node: Extract<ASTNode, { op: '&&' | '||' }>, reader: Reader): string {
  const texts = node.args.map((part) => (node.op === '&&' ? wrapped(part, reader) : clause(part, reader)))
  // A stranger needs to be told once that there is more.
  return (reader === 'stranger' ? [...new Set(texts)] : texts).join(node.op === '&&' ? ' and ' : ' or ')
}

function negated(node: Extract<ASTNode, { op: '!_' }>, reader: Reader): string {
  if (reader === 'stranger') return UNTOLD
  return simple(node.args, reader) === undefined ? quoted(node, reader) : `not ${wrapped(node.args, reader)}`
}

/** What has an "or" in its words stands in parentheses beside others. */
function wrapped(node: ASTNode, reader: Reader): string {
  const hasOr = node.op === '||' || (node.op === 'in' && node.args[1].op === 'list' && node.args[1].args.length > 1)
  const text = clause(node, reader)
  return hasOr && text.includes(' or ') ? `(${text})` : text
}

/** @returns nothing where a condition has no words */
function simple(node: ASTNode, reader: Reader): string | undefined {
  switch (node.op) {
    case 'in':
      return membership(node.args[0], node.args[1], reader)
    case '==':
      return equality(node.args[0], node.args[1], reader)
    case '<':
    case '<=':
      return age(node.args[0], node.args[1]) ?? clock(node.args[0], node.op, node.args[1])
    case 'rcall':
      return call(node, reader)
    case '>':
    case '>=':
      return clock(node.args[0], node.op, node.args[1])
    case 'call':
      return node.args[0] === 'has' && reader === 'operator' ? claimThere(node.args[1][0]) : undefined
    default:
      return undefined
  }
}

function membership(element: ASTNode, list: ASTNode, reader: Reader): string | undefined {
  const text = literalText(element)
  if (text !== undefined) {
    if (isField(list, 'user.groups')) return `in ${oneWord(text)}`
    if (isField(list, 'session.amr')) return `who signed in with ${oneWord(text)}`
    const claim = claimOf(list)
    return claim === undefined || reader === 'stranger' ? undefined : `whose ${claim} has ${oneWord(text)}`
  }
  if (list.op !== 'list' || list.args.length === 0) return undefined
  const words = list.args.map((entry) => equality(element, entry, reader))
  return words.every((word) => word !== undefined) ? [...new Set(words)].join(' or ') : undefined
}

/** Whether something equals a text: `{}` stands for the text, `secret` where a stranger is not told it. */
const EQUALITIES: readonly { field: Field; words: string; secret?: true }[] = [
  { field: 'user.email', words: 'with the address {}', secret: true },
  { field: 'user.id', words: 'with the id {}', secret: true },
  { field: 'user.name', words: 'called {}', secret: true },
  { field: 'user.provider', words: 'signed in by {}' },
  { field: 'session.provider', words: 'signed in by {}' },
  { field: 'session.acr', words: 'who signed in as {}' },
  { field: 'request.method', words: 'asking by {}' },
  { field: 'request.path', words: 'at the path {}' },
  { field: 'request.host', words: 'at {}' },
  { field: 'request.ip', words: 'from {}', secret: true },
]

function equality(left: ASTNode, right: ASTNode, reader: Reader): string | undefined {
  const text = literalText(right)
  if (text === undefined) return undefined
  if (isField(left, 'user.kind')) {
    return text === 'program' ? 'that are programs' : text === 'person' ? 'who are persons' : undefined
  }
  const known = EQUALITIES.find(({ field }) => isField(left, field))
  if (known) return known.secret && reader === 'stranger' ? undefined : known.words.replace('{}', () => oneWord(text))
  const claim = claimOf(left)
  return claim === undefined || reader === 'stranger' ? undefined : `whose ${claim} is ${oneWord(text)}`
}

function call(node: Extract<ASTNode, { op: 'rcall' }>, reader: Reader): string | undefined {
  const [name, receiver, args] = node.args
  const text = literalText(args[0])
  if (name === 'exists') return existing(receiver, args)
  if (name === 'holds') return reader === 'stranger' ? undefined : held(args)
  if (text === undefined) return undefined
  if (name === 'endsWith' && isField(receiver, 'user.email') && text.startsWith('@')) {
    return `with an address at ${oneWord(text.slice(1))}`
  }
  if (name === 'startsWith' && isField(receiver, 'request.path')) return `at paths that begin with ${oneWord(text)}`
  if (name === 'inNetwork') return reader === 'stranger' ? undefined : `from the network ${text}`
  return undefined
}

/** `user.claims.holds("department", "it")` */
function held(args: readonly ASTNode[]): string | undefined {
  const [name, value] = args.map(literalText)
  return name === undefined || value === undefined ? undefined : `whose ${name} is or has ${oneWord(value)}`
}

/** `user.groups.exists(group, group.startsWith("team-"))` */
function existing(receiver: ASTNode, [variable, body]: readonly ASTNode[]): string | undefined {
  if (!isField(receiver, 'user.groups') || variable?.op !== 'id' || body?.op !== 'rcall') return undefined
  const [name, subject, args] = body.args
  const text = literalText(args[0])
  if (subject.op !== 'id' || subject.args !== variable.args || text === undefined) return undefined
  const verb = { startsWith: 'begins with', endsWith: 'ends with', contains: 'contains' }[name]
  return verb === undefined ? undefined : `in a group whose name ${verb} ${oneWord(text)}`
}

/** `session.age < duration("1h")` */
function age(left: ASTNode, right: ASTNode): string | undefined {
  if (!isField(left, 'session.age') || right.op !== 'call' || right.args[0] !== 'duration') return undefined
  const text = literalText(right.args[1][0])
  return text === undefined ? undefined : `who signed in less than ${text} ago`
}

/** `request.time.timeOfDay("Europe/Berlin") >= "09:00"` */
function clock(left: ASTNode, operator: '<' | '<=' | '>' | '>=', right: ASTNode): string | undefined {
  const time = literalText(right)
  if (left.op !== 'rcall' || left.args[0] !== 'timeOfDay' || time === undefined) return undefined
  return `asking ${operator.startsWith('<') ? 'before' : 'after'} ${time} (${literalText(left.args[2][0]) ?? ''})`
}

function claimThere(node: ASTNode | undefined): string | undefined {
  const claim = node && claimOf(node)
  return claim === undefined ? undefined : `who have a ${claim}`
}

/** One of several words stands in quotes: `staff and in admins` may be the name of a group. */
function oneWord(text: string): string {
  return /^[^\s"]+$/.test(text) ? text : JSON.stringify(text)
}

function quoted(node: ASTNode, reader: Reader): string {
  return reader === 'stranger' ? UNTOLD : `for whom ${spell(node)}`
}
