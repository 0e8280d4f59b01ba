import { auditEvent } from '../../accounts/index.ts'
import { redirect } from '../../authenticate/index.ts'
import { paths, withQuery } from '../paths.ts'
import { notHere, requireRecent, type Visit } from '../visit.ts'
import { deviceName } from '../words.ts'

/**
 * Ends one session of the brand, with those at every app.
 * @throws Refusal `not_found` also for a session of another brand, `recent_sign_in_required`
 */
export async function endSession(visit: Visit, form: URLSearchParams): Promise<Response> {
  requireRecent(visit, paths.sessions)
  const { context, brand, actor } = visit
  const session = await context.store.findSession(form.get('session') ?? '')
  if (session?.brand !== brand.id) throw notHere()
  const account = session.accountId === '' ? session.person.id : session.accountId
  const happened = { brand: brand.id, account, at: Date.now() }
  // Before: what the log cannot take is not done.
  await context.store.recordAudit([
    auditEvent('sessions.ended', happened, actor, { sessions: '1', device: deviceName(session.device) }),
  ])
  await context.sessions.end(session)
  return redirect(withQuery(paths.sessions, { done: 'ended' }))
}
