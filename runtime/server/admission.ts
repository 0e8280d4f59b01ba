import type { Subject } from '../identity/index.ts'
import type { Header } from '../proxy/index.ts'
import { readAuthorization } from '../programs/index.ts'
import { readSessionCookie, usableUntil } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import type { AccessRequest } from './access-request.ts'
import { askRule, type Authorization, authorize, openAccess } from './authorize.ts'
import type { Grant } from './grant.ts'
import type { Pass } from './passes/index.ts'
import type { GatewayRelease } from './release.ts'
import type { RouteSite } from './sites.ts'

/** A request that may go on to its route. */
export interface Admitted {
  outcome: 'admitted'
  identity: readonly Header[]
  /** Lower-case names of fields that are ours. */
  consumedHeaders: readonly string[]
  /** Undefined where everybody may pass. */
  person: string | undefined
}

/** Whether a request may go on, and with what. */
export type Admission = Admitted | Extract<Authorization, { outcome: 'sign_in_required' | 'access_denied' }>

const NOTHING: readonly never[] = []

/**
 * Lets a request in by what is known already: without a look at the store, without a signature, without waiting.
 * @returns undefined where something has to be asked, or where it would not be let in
 */
export function admitAtOnce(release: GatewayRelease, route: RouteSite, request: AccessRequest): Admitted | undefined {
  const open = openAccess(route, request)
  if (open) {
    return { outcome: 'admitted', identity: NOTHING, consumedHeaders: open.consumedHeaders, person: undefined }
  }
  const cookie = readSessionCookie(request.cookie)
  if (cookie === undefined || isForPrograms(route, request)) return undefined
  const grant = release.passes.find(cookie, route, Date.now())
  if (grant === undefined) return undefined
  const { identity, person, subject } = grant
  if (subject && (!route.policy || askRule(route.policy, subject, route, request))) return undefined
  return { outcome: 'admitted', identity, consumedHeaders: NOTHING, person }
}

/**
 * Asks everybody who has to be asked.
 * @throws Refusal and the store's own error, as `authorize`
 */
export async function admit(release: GatewayRelease, route: RouteSite, request: AccessRequest): Promise<Admission> {
  const { context, programs, passes } = release
  const mark = passes.mark()
  const recognition = { findSession: context.sessions.findAtHost, findProgram: programs.authenticate }
  const access = await authorize(recognition, route, request)
  if (access.outcome === 'public') {
    return { outcome: 'admitted', identity: NOTHING, consumedHeaders: access.consumedHeaders, person: undefined }
  }
  if (access.outcome !== 'allowed') return access
  const { subject, session, consumedHeaders } = access
  const { headers, until } = route.identity.issue(subject, route.origin)
  const cookie = readSessionCookie(request.cookie)
  if (session && cookie !== undefined && until > 0) {
    const now = Date.now()
    const lasts = Math.min(until, usableUntil(session, route.config, context.config, now))
    passes.add(mark, cookie, passFor(route, session, subject, headers, lasts), now)
  }
  return { outcome: 'admitted', identity: headers, consumedHeaders, person: subject.id }
}

/** A token stands alone where it counts: then no session is looked at. */
function isForPrograms({ config }: RouteSite, { authorization }: AccessRequest): boolean {
  return authorization !== undefined && readAuthorization(authorization, config.bearer.length > 0).kind !== 'none'
}

/** What an entry takes beside its texts, and with a subject's. */
const PASS_BYTES = 500
const SUBJECT_BYTES = 500

function passFor(
  route: RouteSite,
  { person }: Session,
  subject: Subject,
  identity: readonly Header[],
  until: number,
): Pass<RouteSite, Grant> {
  const keepsSubject = route.policy?.perSession === false
  const texts = identity.reduce((sum, [, value]) => sum + value.length, 0)
  const ofSubject = keepsSubject ? SUBJECT_BYTES + JSON.stringify(person).length * 2 : 0
  return {
    route,
    grant: { identity, person: subject.id, subject: keepsSubject ? subject : undefined },
    until,
    bytes: PASS_BYTES + texts + ofSubject,
  }
}
