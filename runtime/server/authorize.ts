import type { RouteConfig } from '../config.ts'
import { policyInput, type Subject, subjectOfSession } from '../identity/index.ts'
import type { Policy, PolicyInput } from '../policy/index.ts'
import { holdsOwnToken, type Programs } from '../programs/index.ts'
import { looseReading } from '../routes/index.ts'
import { readSessionCookie, type Sessions } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import type { AccessRequest } from './access-request.ts'

/** A route with its rule, ready to be asked; `policy` is missing on public routes alone. */
export interface GuardedRoute {
  id: string
  config: RouteConfig
  /** Of the host that was asked. */
  origin: string
  /** The same, as `request.host` has it. */
  host: string
  /** Whether everybody may open a path, the canonical one. */
  isPublic(path: string): boolean
  policy: Policy | undefined
}

/** Who can be recognised, and by whom. */
export interface Recognition {
  /** The session behind a cookie: `Sessions.findAtHost`, or `peekAtHost` where nobody uses it just now. */
  findSession: Sessions['findAtHost']
  /** The program behind a token: `Programs.authenticate`, or `peek`. */
  findProgram: Programs['authenticate']
}

/** Whether a request may pass, and as whom. `consumedHeaders` are ours: the upstream must not be shown them. */
export type Authorization =
  | { outcome: 'public'; consumedHeaders: readonly string[] }
  /** `session` is that of a browser that showed its cookie. */
  | { outcome: 'allowed'; subject: Subject; session: Session | undefined; consumedHeaders: readonly string[] }
  | { outcome: 'sign_in_required' }
  | { outcome: 'access_denied'; subject: Subject; input: PolicyInput; reason: 'rule_false' | 'rule_error' }

const NOTHING: readonly string[] = []
const TOKEN: readonly string[] = ['authorization']

/**
 * Whether everybody may send a request, which asks nobody who it is from.
 * @returns undefined where a rule has to be asked
 */
export function openAccess(
  route: GuardedRoute,
  request: AccessRequest,
): Extract<Authorization, { outcome: 'public' }> | undefined {
  const isOpen = !route.policy || route.isPublic(request.path) || (request.isPreflight && route.config.corsPreflight)
  if (!isOpen) return undefined
  return { outcome: 'public', consumedHeaders: holdsOwnToken(request.authorization) ? TOKEN : NOTHING }
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
  const open = openAccess(route, request)
  if (open || !route.policy) return open ?? { outcome: 'public', consumedHeaders: NOTHING }
  const program = await findProgram(route, request.authorization)
  const session = program ? undefined : await findSession(readSessionCookie(request.cookie), route.origin, route.config)
  const subject = program ?? (session && subjectOfSession(session))
  if (!subject) return { outcome: 'sign_in_required' }
  const denied = askRule(route.policy, subject, route, request)
  return denied
    ? { outcome: 'access_denied', subject, ...denied }
    : { outcome: 'allowed', subject, session, consumedHeaders: program ? TOKEN : NOTHING }
}

/**
 * Asks a route's rule about somebody's request. A rule about paths has to let every reading of the path in: a server that
 * leaves parameters out, or decodes twice, takes `/;x/admin` for `/admin`.
 * @returns why it lets nobody in, and what it was asked; nothing where it does
 */
export function askRule(
  policy: Policy,
  subject: Subject,
  { host }: GuardedRoute,
  { method, path, ip }: AccessRequest,
): { input: PolicyInput; reason: 'rule_false' | 'rule_error' } | undefined {
  const loose = policy.reads.has('request.path') ? looseReading(path) : path
  for (const reading of loose === path ? [path] : [path, loose]) {
    const input = policyInput(subject, { method, path: reading, host, ip, time: Date.now() })
    const decision = policy.decide(input)
    if (!decision.allowed) return { input, reason: decision.reason }
  }
  return undefined
}
