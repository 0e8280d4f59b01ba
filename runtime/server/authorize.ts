import type { IncomingMessage } from 'node:http'

import type { RouteConfig } from '../config.ts'
import { type Subject, subjectOfSession } from '../identity/index.ts'
import type { Policy } from '../policy/index.ts'
import { holdsOwnToken, type Programs } from '../programs/index.ts'
import { readOwnCookies, SESSION_COOKIE, type Sessions } from '../sessions/index.ts'

/** A route with its rule, ready to be asked; `policy` is missing on public routes alone. */
export interface GuardedRoute {
  id: string
  config: RouteConfig
  policy: Policy | undefined
}

/** Who can be recognised, and by whom. */
export interface Recognition {
  /** The session behind a cookie: `Sessions.findAtHost`, or `peekAtHost` where nobody uses it just now. */
  findSession: Sessions['findAtHost']
  /** The program behind a token: `Programs.authenticate`, or `peek`. */
  findProgram: Programs['authenticate']
}

/** What the decision is made from. */
export interface AccessRequest {
  method: string
  /** The canonical one. */
  path: string
  cookie: string | undefined
  authorization: string | undefined
}

/** Whether a request may pass, and as whom. `consumedHeaders` are ours: the upstream must not be shown them. */
export type Authorization =
  | { outcome: 'public'; consumedHeaders: readonly string[] }
  | { outcome: 'allowed'; subject: Subject; consumedHeaders: readonly string[] }
  | { outcome: 'sign_in_required' }
  | { outcome: 'access_denied'; subject: Subject; reason: 'rule_false' | 'rule_error' }

const NOTHING: readonly string[] = []
const TOKEN: readonly string[] = ['authorization']

/**
 * Reads what the decision is made from.
 * @param path the canonical one; what the request says itself is not looked at
 */
export function accessRequest({ method = '', headers }: IncomingMessage, path: string): AccessRequest {
  return { method, path, cookie: headers.cookie, authorization: headers.authorization }
}

/**
 * The one place that lets requests and WebSockets through. A token that the route takes stands alone: when it is wrong, no
 * cookie is looked at, so that nobody is let in as somebody else than they said.
 * @throws Refusal `token_invalid` for a token that is not good here, `provider_unreachable` when its issuer's keys cannot
 *   be had; the store's own error
 */
export async function authorize(
  { findSession, findProgram }: Recognition,
  route: GuardedRoute,
  request: AccessRequest,
): Promise<Authorization> {
  if (!route.policy) {
    return { outcome: 'public', consumedHeaders: holdsOwnToken(request.authorization) ? TOKEN : NOTHING }
  }
  const program = await findProgram(route, request.authorization)
  const subject = program ?? (await person(findSession, route, request.cookie))
  if (!subject) return { outcome: 'sign_in_required' }
  const { id, email, name, groups, provider, kind } = subject
  const decision = route.policy.decide({
    user: { id, email, name, groups, provider, kind },
    request: { method: request.method, path: request.path, host: new URL(route.config.from).host },
  })
  return decision.allowed
    ? { outcome: 'allowed', subject, consumedHeaders: program ? TOKEN : NOTHING }
    : { outcome: 'access_denied', subject, reason: decision.reason }
}

async function person(findSession: Sessions['findAtHost'], { id, config }: GuardedRoute, cookie: string | undefined) {
  const session = await findSession(readOwnCookies(cookie).get(SESSION_COOKIE), id, config)
  return session && subjectOfSession(session)
}
