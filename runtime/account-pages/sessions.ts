import { OWN_ACCOUNTS } from '../config.ts'
import type { Session } from '../store/index.ts'
import { deviceWords } from './device-words.ts'
import { sessionHandle } from './handle.ts'
import { endSession } from './own-changes.ts'
import { doneText } from './pages/frame.ts'
import { SESSION_FIELD, type SessionRow, sessionsPage } from './pages/sessions.ts'
import { paths } from './paths.ts'
import { personOf } from './profile.ts'
import { providerName } from './security.ts'
import { goBack, IN_THE_WAY, show } from './show.ts'
import type { Visit } from './visit.ts'
import { accountWords } from './words/index.ts'

/** More than anybody can look through; the newest are shown, and signing out the others ends all. */
const MOST_SHOWN = 100

/** Where the person is signed in. */
export async function showSessions(visit: Visit): Promise<Response> {
  const done = doneText(accountWords(visit.look.language), new URL(visit.request.url).searchParams.get('done'))
  return answer(visit, await liveSessions(visit), { done }, 200)
}

/** Ends one of the person's sessions; somebody else's is none. */
export async function endOne(visit: Visit, form: URLSearchParams): Promise<Response> {
  const handle = form.get(SESSION_FIELD)
  const sessions = await liveSessions(visit)
  const meant = sessions.find((session) => sessionHandle(session) === handle)
  if (!meant || meant.id === visit.session.id) return answer(visit, sessions, { problem: 'ended' }, IN_THE_WAY)
  await endSession(visit, meant)
  return goBack(paths.sessions, 'session_ended')
}

/** Ends all of the person's sessions but this one. */
export async function endOthers(visit: Visit): Promise<Response> {
  const { context, brand, who, actor, session } = visit
  await context.accounts.endSessions(brand.id, who.account.id, actor, session.id)
  return goBack(paths.sessions, 'others_ended')
}

async function liveSessions({ context, brand, who, session: current }: Visit): Promise<Session[]> {
  const now = Date.now()
  const filter = { brand: brand.id, accountId: who.account.id }
  const { items } = await context.store.listSessions(filter, MOST_SHOWN)
  const live = items.filter(({ expiresAt, id }) => now < expiresAt && id !== current.id)
  return [current, ...live]
}

function answer(
  visit: Visit,
  sessions: readonly Session[],
  told: { done?: string | undefined; problem?: 'ended' },
  status: number,
): Response {
  const rows = sessions.map((session) => rowOf(visit, session))
  return show(visit, sessionsPage(visit.look, { person: personOf(visit), sessions: rows, ...told }), { status })
}

function rowOf(visit: Visit, session: Session): SessionRow {
  const { device, createdAt, seenAt } = session
  return {
    handle: sessionHandle(session),
    device: deviceWords(visit.look.language, device.userAgent),
    isThis: session.id === visit.session.id,
    method: methodOf(visit, session),
    address: device.address,
    createdAt,
    seenAt,
  }
}

function methodOf(visit: Visit, { identityProvider, authentication }: Session): string {
  if (identityProvider !== OWN_ACCOUNTS) return providerName(visit, identityProvider)
  const { byPasskey, byPassword } = accountWords(visit.look.language).sessions
  const methods = [
    ...(authentication.amr.includes('pwd') ? [byPassword] : []),
    ...(authentication.amr.includes('pop') ? [byPasskey] : []),
  ]
  return methods.join(' + ')
}
