import { badge, facts, linkButton, markup, type Markup, plain, section, table } from '../pages/index.ts'
import { showEntries } from './audit/index.ts'
import { adminPage } from './frame.ts'
import { count } from './paging.ts'
import { paths, withQuery } from './paths.ts'
import type { Visit } from './visit.ts'
import { enabledBadge } from './words.ts'

const LATEST = 8

/** How the brand stands: who has accounts, by what they sign in, and what the gateway runs with. */
export async function showOverview(visit: Visit, generation: string): Promise<Response> {
  const { context, brand } = visit
  const { store } = context
  const [all, suspended, byProvider, latest] = await Promise.all([
    store.countAccounts({ brand: brand.id }),
    store.countAccounts({ brand: brand.id, status: 'suspended' }),
    store.countIdentities(brand.id),
    store.listAudit({ brand: brand.id }, LATEST),
  ])
  const entries = await showEntries(visit, latest.items, 'The latest first')
  return adminPage(visit, {
    title: 'Overview',
    section: 'overview',
    body: markup`${facts([
      ['Users', userCounts(all, suspended)],
      ['Directory', 'No directory is synchronised'],
      ['Store', storeText(context)],
      ['Release', releaseText(visit, generation)],
      ['Mail', context.mailer ? 'Set up' : badge('Not set up', 'warn')],
    ])}
${section('Who signs in by what', waysTable(visit, byProvider))}
${section('Latest events', markup`${entries}<div class="actions">${linkButton({ href: paths.audit, label: 'Audit log' })}</div>`)}`,
    ways: [linkButton({ href: paths.invite, label: 'Invite a user', emphasis: 'compact' })],
  })
}

function userCounts(total: number, suspended: number): Markup {
  const href = withQuery(paths.users, { status: 'suspended' })
  const rest = suspended === 0 ? 'none suspended' : markup`<a href="${href}">${count(suspended)} suspended</a>`
  return markup`<a href="${paths.users}">${count(total)}</a><small>${rest}</small>`
}

function waysTable({ context, brand }: Visit, byProvider: Readonly<Record<string, number>>): Markup {
  const rows = brand.config.identityProviders.flatMap((id) => {
    const provider = context.config.identityProviders[id]
    if (!provider) return []
    const name = markup`<a href="${paths.provider(id)}">${plain(provider.name)}</a>`
    return [[name, enabledBadge(provider.enabled), markup`${count(byProvider[id] ?? 0)}`]]
  })
  const { password, passkeys } = brand.config
  const passwordState = { on: 'On', off: 'Off', break_glass: 'Emergencies only' }[password]
  const own = [
    [markup`Password`, badge(passwordState, password === 'off' ? 'neutral' : 'good'), markup`–`],
    [markup`Passkey`, badge(passkeys ? 'On' : 'Off', passkeys ? 'good' : 'neutral'), markup`–`],
  ]
  return table({
    caption: 'Ways to sign in, and how many accounts have used them',
    columns: [{ label: 'Way' }, { label: 'State' }, { label: 'Accounts', kind: 'number' }],
    rows: [...rows, ...own],
    empty: 'There is no way to sign in.',
  })
}

function storeText({ config, store }: Visit['context']): Markup {
  const kind = config.store === 'postgres' ? 'Postgres, shared by all replicas' : 'SQLite, a file of this machine'
  // Above five seconds each request asks the store itself.
  const isBehind = store.untoldFor() > 5_000
  return markup`${kind} ${isBehind ? badge('Behind', 'warn') : badge('Answers', 'good')}`
}

function releaseText({ context: { config } }: Visit, generation: string): Markup {
  const name = generation === '' ? 'without a name' : generation
  return markup`<code>${name}</code><small>from <code>${config.stackFile}</code></small>`
}
