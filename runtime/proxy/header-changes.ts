import { foldName, isOperatorRequestHeader, isOperatorResponseHeader } from '../header-names/index.ts'
import { privateCacheControl } from './cache-control.ts'
import { setsOwnCookie } from './cookies.ts'
import { responseName } from './field-kinds.ts'

/** What an operator wants of the header fields that pass by a route. */
export interface HeaderChanges {
  /** Take the place of fields of that name. */
  readonly set: Readonly<Record<string, string>>
  readonly remove: readonly string[]
}

/** The same, ready to be applied. */
export interface PreparedChanges {
  /** Names of fields that do not pass: folded in requests, in lower case in answers. */
  readonly withheld: ReadonlySet<string>
  /** Name, value, name, value. */
  readonly set: readonly string[]
}

/**
 * Prepares changes of request headers.
 * @param identityHeaders names that the gateway sets on this route itself: their look-alikes never pass, and no operator's does
 * @throws Error when the operator wants to change what is the gateway's (`isOperatorRequestHeader`)
 */
export function prepareRequestChanges(
  changes: HeaderChanges | undefined,
  identityHeaders: readonly string[],
): PreparedChanges {
  const withheld = new Set([...identityHeaders, 'X-Request-Id'].map(foldName))
  for (const name of changedNames(changes)) {
    if (!isOperatorRequestHeader(name) || withheld.has(foldName(name))) throw notTheirs('requestHeaders', name)
  }
  for (const name of changedNames(changes)) withheld.add(foldName(name))
  return { withheld, set: Object.entries(changes?.set ?? {}).flat() }
}

/** What the route is to its answers. */
export interface ResponseRules {
  privateResponse: boolean
  ownCookies: (name: string) => boolean
}

/**
 * Prepares changes of response headers. A Cache-Control for a protected route is made private.
 * @throws Error when the operator wants to change what belongs to the connection, the framing or the gateway's cookies, or to
 *   let shared caches keep a protected answer
 */
export function prepareResponseChanges(changes: HeaderChanges | undefined, rules: ResponseRules): PreparedChanges {
  const set: string[] = []
  for (const name of changes?.remove ?? []) requireTheirs(name, rules)
  for (const [name, value] of Object.entries(changes?.set ?? {})) {
    requireTheirs(name, rules)
    const { kind } = responseName(name)
    if (kind === 'set-cookie' && setsOwnCookie(value, rules.ownCookies)) throw notTheirs('responseHeaders', name)
    set.push(name, kind === 'cache-control' && rules.privateResponse ? privateCacheControl([value]) : value)
  }
  const withheld = new Set(changedNames(changes).map((name) => name.toLowerCase()))
  const isUnsaid = withheld.has('cache-control') && !set.some((name) => name.toLowerCase() === 'cache-control')
  if (rules.privateResponse && isUnsaid) set.push('Cache-Control', privateCacheControl([]))
  return { withheld, set }
}

function requireTheirs(name: string, { privateResponse }: ResponseRules): void {
  if (!isOperatorResponseHeader(name, { isProtected: privateResponse })) throw notTheirs('responseHeaders', name)
}

function changedNames(changes: HeaderChanges | undefined): string[] {
  return changes === undefined ? [] : [...Object.keys(changes.set), ...changes.remove]
}

function notTheirs(where: string, name: string): Error {
  return new Error(`${where} cannot change ${name}: the gateway sets it itself; leave it out`)
}
