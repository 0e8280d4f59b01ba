import { badge, linkButton, markup, type Markup, plain, searchForm, table } from '../../pages/index.ts'
import type { Account, AccountFilter } from '../../store/index.ts'
import { adminPage } from '../frame.ts'
import { counted, readPlace, ways } from '../paging.ts'
import { paths, withQuery } from '../paths.ts'
import type { Visit } from '../visit.ts'
import { momentOr, nameOf, statusBadge, twoLines } from '../words.ts'

const AT_ONCE = 50

/** Longer than any address or name. */
const LONGEST_SEARCH = 254

const STATUSES = [
  { value: undefined, label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'suspended', label: 'Suspended' },
] as const satisfies readonly { value: Account['status'] | undefined; label: string }[]

const DONE: Readonly<Record<string, string>> = { deleted: 'The account is deleted, with everything that was its.' }

/** Accounts of the brand, the newest first, by what is searched for. */
export async function showUsers(visit: Visit): Promise<Response> {
  const { context, brand, look, request } = visit
  const query = new URL(request.url).searchParams
  const search = (query.get('q') ?? '').trim().slice(0, LONGEST_SEARCH)
  const status = STATUSES.find(({ value }) => value !== undefined && value === query.get('status'))?.value
  const place = readPlace(query)
  const filter: AccountFilter = {
    brand: brand.id,
    ...(status === undefined ? {} : { status }),
    ...(search === '' ? {} : { search }),
  }
  const [part, total] = await Promise.all([
    context.accounts.list(filter, AT_ONCE, place.after),
    context.store.countAccounts(filter),
  ])
  const carried = { q: search, status }
  const note = `${part.items.length} of ${counted(total, 'account')}`
  return adminPage(visit, {
    title: 'Users',
    section: 'users',
    ways: [linkButton({ href: paths.invite, label: 'Invite a user', emphasis: 'compact' })],
    done: DONE[query.get('done') ?? ''],
    body: markup`${searchForm(look, {
      action: paths.users,
      label: 'Address, name or id',
      name: 'q',
      value: search,
      clearHref: withQuery(paths.users, { status }),
      carries: status === undefined ? [] : [['status', status]],
    })}
${statusFilter(search, status)}
${usersTable(visit, part.items)}
${ways(look, paths.users, carried, place, part, note)}`,
  })
}

function statusFilter(search: string, status: Account['status'] | undefined): Markup {
  const links = STATUSES.map(({ value, label }) => {
    const href = withQuery(paths.users, { q: search, status: value })
    return markup`<li><a href="${href}"${value === status ? markup` aria-current="true"` : undefined}>${label}</a></li>`
  })
  return markup`<nav class="tabs" aria-label="Status"><ul>${links}</ul></nav>`
}

function usersTable({ look, actor }: Visit, accounts: readonly Account[]): Markup {
  const rows = accounts.map((account) => {
    const { id, email, status, origin, createdAt, lastSignInAt } = account
    const link = markup`<a href="${paths.user(id)}">${plain(nameOf(account))}</a>${id === actor.id ? markup` ${badge('You')}` : undefined}`
    return [
      twoLines(link, email === '' ? 'no verified address' : email),
      statusBadge(status),
      markup`${ORIGINS[origin]}`,
      momentOr(look, lastSignInAt, 'never'),
      momentOr(look, createdAt, 'never'),
    ]
  })
  return table({
    caption: 'Users, the newest first',
    columns: [
      { label: 'Name' },
      { label: 'Status' },
      { label: 'Began by' },
      { label: 'Last sign-in' },
      { label: 'Since' },
    ],
    rows,
    empty: 'Nobody was found.',
  })
}

/** How an account began, in words. */
export const ORIGINS: Readonly<Record<Account['origin'], string>> = {
  sign_in: 'Sign-in',
  invitation: 'Invitation',
  stack: 'Stack file',
}
