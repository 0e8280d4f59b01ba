import { linkButton, markup } from '../../pages/index.ts'
import { adminPage } from '../frame.ts'
import { counted, readPlace, ways } from '../paging.ts'
import { paths } from '../paths.ts'
import { signInAgain, type Visit } from '../visit.ts'
import { isLive, sessionsTable } from './table.ts'

const AT_ONCE = 50

/** Who is signed in at the brand, the latest first. */
export async function showSessions(visit: Visit): Promise<Response> {
  const { context, brand, look, request } = visit
  const query = new URL(request.url).searchParams
  const place = readPlace(query)
  const part = await context.store.listSessions({ brand: brand.id }, AT_ONCE, place.after)
  const now = Date.now()
  const live = part.items.filter((session) => isLive(context.config, session, now))
  const again = linkButton({
    href: signInAgain(paths.sessions),
    label: 'Sign in again to end sessions',
    emphasis: 'compact',
  })
  return adminPage(visit, {
    title: 'Sessions',
    section: 'sessions',
    ways: visit.isRecent ? [] : [again],
    done: query.get('done') === 'ended' ? 'The session has ended, with those at every app.' : undefined,
    body: markup`${sessionsTable(visit, live, {
      caption: `Who is signed in at ${brand.config.name}, the latest sign-in first`,
      empty: 'Nobody is signed in.',
    })}
${ways(look, paths.sessions, {}, place, part, `${counted(live.length, 'session')} on this page`)}`,
  })
}
