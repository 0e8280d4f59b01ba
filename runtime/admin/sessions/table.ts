import type { RuntimeConfig } from '../../config.ts'
import { badge, form, markup, type Markup, moment, plain, submit, table } from '../../pages/index.ts'
import type { Session } from '../../store/index.ts'
import { paths } from '../paths.ts'
import type { Visit } from '../visit.ts'
import { addressText, deviceName, providerName, twoLines } from '../words.ts'

/** Whether a session still counts, by its own end and by how long it lay idle; the sweep takes others away within a minute. */
export function isLive(
  { session: { idleSeconds } }: Pick<RuntimeConfig, 'session'>,
  { seenAt, expiresAt }: Pick<Session, 'seenAt' | 'expiresAt'>,
  now: number,
): boolean {
  return now < expiresAt && now - seenAt <= idleSeconds * 1_000
}

/** Sessions with where they are, and a button that ends each. */
export function sessionsTable(
  visit: Visit,
  sessions: readonly Session[],
  { caption, empty }: { caption: string; empty: string },
): Markup {
  const { look, context, session: own } = visit
  const rows = sessions.map((session) => {
    const { id, person, accountId, device, identityProvider, createdAt, seenAt } = session
    const name = person.name || person.email || person.id
    const user = accountId === '' ? plain(name) : markup`<a href="${paths.user(accountId)}">${plain(name)}</a>`
    return [
      twoLines(
        markup`${user}${id === own.id ? markup` ${badge('This one')}` : undefined}`,
        person.email || 'no verified address',
      ),
      twoLines(deviceName(device), addressText(device.address)),
      plain(providerName(context.config, identityProvider)),
      moment(look, createdAt),
      moment(look, seenAt),
      visit.isRecent ? endForm(session) : markup``,
    ]
  })
  return table({
    caption,
    columns: [
      { label: 'User' },
      { label: 'Device' },
      { label: 'Signed in by' },
      { label: 'Since' },
      { label: 'Last seen' },
      { label: 'Actions', kind: 'actions' },
    ],
    rows,
    empty,
  })
}

function endForm({ id, accountId }: Session): Markup {
  const carries = [
    ['session', id],
    ['account', accountId],
  ] as const
  return form({ action: paths.endSession, carries, body: submit({ label: 'Sign out', emphasis: 'compact' }) })
}
