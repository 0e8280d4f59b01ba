import {
  claimHeaderMistakes,
  foldName,
  isOperatorRequestHeader,
  isOperatorResponseHeader,
} from '../../runtime/header-names/index.ts'
import { claimsKept, notKept } from './claim-checks.ts'
import type { Report } from './problems.ts'
import type { RouteSettings, StackParts } from './schema.ts'

/** What is known of everybody who signs in, without a provider's `claims`. */
const ALWAYS_KNOWN = ['id', 'email', 'name', 'groups', 'acr', 'amr', 'auth_time']

/**
 * What an app is told, and under which names.
 * @param accepted ids of the providers whose people may pass
 */
export function checkIdentity(
  stack: StackParts,
  route: RouteSettings,
  accepted: readonly string[],
  report: Report,
): void {
  checkChanges(route, report)
  const { identity } = route
  if (!identity) return
  if (route.public !== undefined) report(['identity'], 'nobody is known on a public route')
  else if (route.to === undefined && !route.forwardAuth) report(['identity'], 'there is no app to be told')
  for (const { name, message } of claimHeaderMistakes(Object.keys(identity.headers))) {
    report(['identity', 'headers', name], message)
  }
  const kept = claimsKept(stack, accepted)
  if (kept === undefined) return
  const known = new Set([...ALWAYS_KNOWN, ...kept])
  for (const { claim, path } of toldClaims(identity)) {
    if (!known.has(claim)) report(['identity', ...path], notKept(claim, known))
  }
}

function toldClaims({ claims, headers }: NonNullable<RouteSettings['identity']>) {
  const inHeaders = Object.entries(headers).map(([name, claim]) => ({ claim, path: ['headers', name] }))
  return [...claims.map((claim, index) => ({ claim, path: ['claims', index] })), ...inHeaders]
}

/** What says who somebody is, frames a message or names its host is nobody's to change. */
function checkChanges({ requestHeaders, responseHeaders, identity, ...route }: RouteSettings, report: Report): void {
  const told = new Set(
    [...Object.keys(identity?.headers ?? {}), ...(identity?.bearer ? ['Authorization'] : [])].map(foldName),
  )
  for (const { name, path } of changedFields(requestHeaders)) {
    if (told.has(foldName(name))) report(['requestHeaders', ...path], 'identity sets this field')
    else if (!isOperatorRequestHeader(name)) report(['requestHeaders', ...path], `${name} is set by the gateway itself`)
  }
  const isProtected = route.public === undefined
  for (const { name, path } of changedFields(responseHeaders)) {
    if (isOperatorResponseHeader(name, { isProtected })) continue
    report(['responseHeaders', ...path], `${name} is set or left out by the gateway itself`)
  }
}

function changedFields(changes: RouteSettings['requestHeaders']): { name: string; path: (string | number)[] }[] {
  const set = Object.keys(changes?.set ?? {}).map((name) => ({ name, path: ['set', name] }))
  return [...set, ...(changes?.remove ?? []).map((name, index) => ({ name, path: ['remove', index] }))]
}
