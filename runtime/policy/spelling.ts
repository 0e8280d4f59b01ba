import { type ASTNode, parse, serialize } from '@marcbachmann/cel-js'

import { childNodes } from './ast.ts'

/**
 * Spells an expression in one way, whatever its author's blanks, quotes and parentheses. Two expressions that mean
 * something else never share a spelling: the library's own loses parentheses (of `a - (b - c)`) and digits of numbers.
 * @returns CEL that parses into the same expression
 */
export function spell(node: ASTNode): string {
  const short = serialize(node)
  return isSpellingOf(short, node) ? short : spellOut(node)
}

function isSpellingOf(text: string, node: ASTNode): boolean {
  try {
    return structure(parse(text).ast) === structure(node)
  } catch {
    // What cannot be read again is no spelling of anything.
    return false
  }
}

/** Everything that an expression consists of, and nothing of how it is written. */
function structure(node: ASTNode): string {
  return JSON.stringify([node.op, ...ownParts(node), ...childNodes(node).map(structure)])
}

function ownParts(node: ASTNode): string[] {
  switch (node.op) {
    case 'value':
      return [typeof node.args, literal(node.args)]
    case 'id':
      return [node.args]
    case '.':
    case '.?':
      return [node.args[1]]
    case 'call':
    case 'rcall':
      return [node.args[0]]
    default:
      return []
  }
}

function literal(value: unknown): string {
  return value instanceof Uint8Array ? `bytes ${value.join(' ')}` : String(value)
}

/** With parentheses around everything that could need some. */
function spellOut(node: ASTNode): string {
  const inner = childNodes(node).map((child) => (isPrimary(child) ? spell(child) : `(${spell(child)})`))
  const [first = '', second = '', third = ''] = inner
  switch (node.op) {
    case 'value':
      return typeof node.args === 'number' ? String(node.args) : serialize(node)
    case 'id':
      return node.args
    case '!_':
      return `!${first}`
    case '-_':
      return `-(${first})`
    case '.':
      return `${first}.${node.args[1]}`
    case '.?':
      return `${first}.?${node.args[1]}`
    case '[]':
      return `${first}[${second}]`
    case '[?]':
      return `${first}[?${second}]`
    case 'call':
      return `${node.args[0]}(${inner.join(', ')})`
    case 'rcall':
      return `${first}.${node.args[0]}(${inner.slice(1).join(', ')})`
    case 'list':
      return `[${inner.join(', ')}]`
    case 'map':
      return `{${inner.map((text, index) => (index % 2 === 0 ? `${index > 0 ? ', ' : ''}${text}: ` : text)).join('')}}`
    case '?:':
      return `${first} ? ${second} : ${third}`
    default:
      return `${first} ${node.op} ${second}`
  }
}

function isPrimary({ op }: ASTNode): boolean {
  return ['value', 'id', 'call', 'rcall', '.', '[]', 'list', 'map'].includes(op)
}
