/** A token: a quoted text, a word with its dots, or an operator. */
const TOKEN = /\s*(?:('(?:[^'\\]|\\.)*')|(`[^`]*`)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(&&|\|\||==|!=|[!()[\],]))/y

type Expression = (claims: unknown) => unknown

/** An expression that cannot be read, or not be evaluated for these claims. */
export class ExpressionError extends Error {}

/**
 * The part of JMESPath that mappings are written in: members of objects, raw strings, literals, `contains`, comparison,
 * `&&`, `||`, `!`, lists.
 * @throws ExpressionError for what it cannot read, and as JMESPath does for `contains` of a member that is not there
 * @see https://jmespath.org/specification.html
 */
export function search(claims: unknown, expression: string): unknown {
  const tokens = tokenize(expression)
  const parsed = parseOr(tokens)
  if (tokens.length > 0) throw new ExpressionError(`${tokens[0]} was not expected`)
  return parsed(claims)
}

function tokenize(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(text)?.slice(1).find(Boolean)
    if (token === undefined) throw new ExpressionError(`cannot read ${text.slice(at)}`)
    tokens.push(token)
  }
  return tokens
}

function parseOr(tokens: string[]): Expression {
  const left = parseAnd(tokens)
  if (!take(tokens, '||')) return left
  const right = parseOr(tokens)
  return (claims) => (isTrue(left(claims)) ? left(claims) : right(claims))
}

function parseAnd(tokens: string[]): Expression {
  const left = parseComparison(tokens)
  if (!take(tokens, '&&')) return left
  const right = parseAnd(tokens)
  return (claims) => (isTrue(left(claims)) ? right(claims) : left(claims))
}

function parseComparison(tokens: string[]): Expression {
  const left = parseUnary(tokens)
  const isEqual = take(tokens, '==')
  if (!isEqual && !take(tokens, '!=')) return left
  const right = parseUnary(tokens)
  return (claims) => (JSON.stringify(left(claims)) === JSON.stringify(right(claims))) === isEqual
}

function parseUnary(tokens: string[]): Expression {
  if (take(tokens, '!')) {
    const negated = parseUnary(tokens)
    return (claims) => !isTrue(negated(claims))
  }
  if (take(tokens, '(')) {
    const inner = parseOr(tokens)
    demand(tokens, ')')
    return inner
  }
  if (take(tokens, '[')) {
    const items = parseList(tokens, ']')
    return (claims) => items.map((item) => item(claims))
  }
  return parseWord(tokens)
}

function parseWord(tokens: string[]): Expression {
  const token = tokens.shift() ?? ''
  if (token.startsWith("'")) return () => token.slice(1, -1).replaceAll(/\\(['\\])/g, '$1')
  if (token.startsWith('`')) {
    const literal: unknown = JSON.parse(token.slice(1, -1))
    return () => literal
  }
  if (!/^[A-Za-z_]/.test(token)) throw new ExpressionError(`${token || 'the end'} was not expected`)
  if (!take(tokens, '(')) return (claims) => token.split('.').reduce(memberOf, claims)
  const [where, what] = parseList(tokens, ')')
  if (token !== 'contains' || !where || !what) throw new ExpressionError(`there is no function ${token} here`)
  return (claims) => {
    const [list, wanted] = [where(claims), what(claims)]
    if (typeof list === 'string') return list.includes(String(wanted))
    if (Array.isArray(list)) return list.includes(wanted)
    throw new ExpressionError('contains() expected a string or an array')
  }
}

function parseList(tokens: string[], end: string): Expression[] {
  const items: Expression[] = []
  do items.push(parseOr(tokens))
  while (take(tokens, ','))
  demand(tokens, end)
  return items
}

function take(tokens: string[], token: string): boolean {
  if (tokens[0] !== token) return false
  tokens.shift()
  return true
}

function demand(tokens: string[], token: string): void {
  if (!take(tokens, token)) throw new ExpressionError(`${token} is missing`)
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : null
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value)
}
