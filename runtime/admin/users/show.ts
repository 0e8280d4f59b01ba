import {
  actions,
  avatar,
  badge,
  chips,
  facts,
  form,
  linkButton,
  markup,
  type Markup,
  moment,
  plain,
  section,
  submit,
  table,
} from '../../pages/index.ts'
import type { Account, AccountWithCredentials, Session } from '../../store/index.ts'
import { showEntries } from '../audit/index.ts'
import { adminPage } from '../frame.ts'
import { paths, type UserAction, withQuery } from '../paths.ts'
import { isLive, sessionsTable } from '../sessions/index.ts'
import { signInAgain, type Visit } from '../visit.ts'
import { momentOr, nameOf, providerName, statusBadge, twoLines } from '../words.ts'
import { DONE } from './actions.ts'
import { findUser, isUnclaimed } from './find.ts'
import { ORIGINS } from './list.ts'

const SESSIONS = 20
const EVENTS = 20

/** All that is known of one account, and what can be done with it. @throws Refusal `not_found` */
export async function showUser(visit: Visit, id: string): Promise<Response> {
  const { context, brand, request, look } = visit
  const who = await findUser(visit, id)
  const filter = { brand: brand.id, accountId: id }
  const [sessions, events] = await Promise.all([
    context.store.listSessions(filter, SESSIONS),
    context.store.listAudit({ brand: brand.id, account: id }, EVENTS),
  ])
  const now = Date.now()
  const live = sessions.items.filter((session) => isLive(context.config, session, now))
  const { account } = who
  const more = linkButton({ href: withQuery(paths.audit, { account: id }), label: 'All events', emphasis: 'compact' })
  return adminPage(visit, {
    title: nameOf(account),
    section: 'users',
    done: DONE[new URL(request.url).searchParams.get('done') ?? ''],
    body: markup`${person(visit, account)}
${profile(look, account)}
${section('Identities', identities(visit, who))}
${section('Passkeys and password', credentials(visit, who))}
${section('Sessions', sessionsOf(visit, live))}
${section('Actions', userActions(visit, who, live))}
${section('Events', markup`${await showEntries(visit, events.items, 'Events about this account')}<div class="actions">${more}</div>`)}
${account.id === visit.actor.id ? undefined : dangerZone(visit, account)}`,
  })
}

function person({ actor }: Visit, account: Account): Markup {
  const { status, email, id } = account
  const own = id === actor.id ? markup` ${badge('You')}` : undefined
  const address = email === '' ? 'no verified address' : email
  return markup`<div class="person">${avatar(nameOf(account))}<div><p>${plain(address)}</p><p>${statusBadge(status)}${own}</p></div></div>`
}

function profile(look: Visit['look'], account: Account): Markup {
  const { id, profile: said, ownFields, groups, origin, createdAt, lastSignInAt, language } = account
  const changed = new Set<string>(ownFields)
  const rows = Object.entries(said).map(([field, value]): [string, Markup] => [
    `${field[0]?.toUpperCase() ?? ''}${field.slice(1)}`,
    changed.has(field) ? twoLines(value, 'changed by the person') : plain(value),
  ])
  return facts([
    ['Account id', markup`<code>${id}</code>`],
    ...rows,
    ['Groups', groups.length === 0 ? 'none of its own' : chips(groups)],
    ['Language', language === '' ? 'not chosen' : language],
    ['Began by', ORIGINS[origin]],
    ['Since', moment(look, createdAt)],
    ['Last sign-in', momentOr(look, lastSignInAt, 'never')],
  ])
}

function identities({ context, brand, look }: Visit, who: AccountWithCredentials): Markup {
  const usable = new Map(context.accounts.waysIn(brand, who).map((way) => [way.identity, way.usable]))
  const rows = who.identities.map((identity) => {
    const { identityProvider, issuer, subject, email, emailVerified, linkedAt, lastUsedAt } = identity
    const name = providerName(context.config, identityProvider)
    const standing = emailVerified
      ? 'confirmed by mail'
      : email === who.account.email
        ? 'the account’s address'
        : 'not the account’s address'
    return [
      twoLines(
        markup`${plain(name)}${usable.get(identity) === true ? undefined : markup` ${badge('Not usable', 'warn')}`}`,
        issuer,
      ),
      markup`<code>${subject}</code>`,
      email === '' ? markup`none` : twoLines(email, standing),
      moment(look, linkedAt),
      moment(look, lastUsedAt),
    ]
  })
  return table({
    caption: 'Accounts at identity providers that sign in to this one',
    columns: [
      { label: 'Provider' },
      { label: 'Subject' },
      { label: 'Address there' },
      { label: 'Linked' },
      { label: 'Last used' },
    ],
    rows,
    empty: 'No identity is linked.',
  })
}

function credentials({ look }: Visit, { account, passkeys }: AccountWithCredentials): Markup {
  const { passwordHash, passwordChangedAt } = account
  const password = passwordHash === undefined ? 'not set' : momentOr(look, passwordChangedAt, 'set')
  const rows = passkeys.map(({ name, createdAt, lastUsedAt }) => [
    plain(name),
    moment(look, createdAt),
    momentOr(look, lastUsedAt, 'never'),
  ])
  return markup`${facts([['Password', typeof password === 'string' ? password : markup`set ${password}`]])}${table({
    caption: 'Passkeys',
    columns: [{ label: 'Name' }, { label: 'Added' }, { label: 'Last used' }],
    rows,
    empty: 'There is no passkey.',
  })}`
}

function sessionsOf(visit: Visit, live: readonly Session[]): Markup {
  return sessionsTable(visit, live, { caption: 'Where this account is signed in', empty: 'Signed in nowhere.' })
}

function userActions(visit: Visit, who: AccountWithCredentials, live: readonly Session[]): Markup {
  const { account } = who
  const exportForm = form({
    action: paths.exportUser(account.id),
    body: submit({ label: 'Export data (JSON)', emphasis: 'compact' }),
  })
  if (!visit.isRecent) return confirmFirst(account.id)
  const button = (action: UserAction, label: string): Markup =>
    form({ action: paths.userAction(account.id, action), body: submit({ label, emphasis: 'compact' }) })
  const canInvite = isUnclaimed(who) && account.status === 'active' && account.email !== ''
  const shown = [
    ...(live.length > 0 ? [button('sign-out', 'Sign out everywhere')] : []),
    ...(canInvite ? [button('invite-again', 'Send the invitation again')] : []),
    ...(account.status === 'suspended' ? [button('resume', 'Resume')] : []),
    exportForm,
  ]
  return actions(shown, 'row')
}

function confirmFirst(id: string): Markup {
  const link = linkButton({ href: signInAgain(paths.user(id)), label: 'Confirm that it is you', emphasis: 'compact' })
  return markup`<p>You signed in more than 15 minutes ago. Sign in again to change something here.</p><div class="actions">${link}</div>`
}

function dangerZone(visit: Visit, { id, status }: Account): Markup | undefined {
  if (!visit.isRecent) return undefined
  const suspend = form({
    action: paths.userAction(id, 'suspend'),
    body: submit({ label: 'Suspend', emphasis: 'compact danger' }),
  })
  const away = linkButton({ href: paths.deleteUser(id), label: 'Delete…', emphasis: 'compact' })
  const text =
    status === 'active'
      ? 'Who is suspended is signed out at once, everywhere, and cannot sign in until somebody resumes the account. What is deleted cannot be had back.'
      : 'What is deleted cannot be had back.'
  const shown = status === 'active' ? [suspend, away] : [away]
  return section('Suspend or delete', markup`<p>${text}</p>${actions(shown, 'row')}`, 'risky')
}
