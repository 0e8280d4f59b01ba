import { markup, type Markup, moment, plain, table } from '../../pages/index.ts'
import type { AuditEntry } from '../../store/index.ts'
import { paths } from '../paths.ts'
import type { Visit } from '../visit.ts'
import { addressText, nameOf } from '../words.ts'

/** In place of an account's id. */
const NOBODY: Readonly<Record<string, string>> = { system: 'The gateway', stack: 'The stack file' }
/** An id of an account that is gone by now is known by its beginning. */
const SHORT = 10

/** Entries of the log, with the names of those accounts that are still there. */
export async function showEntries(visit: Visit, entries: readonly AuditEntry[], caption: string): Promise<Markup> {
  const ids = new Set(entries.flatMap(({ actor, account }) => (account === undefined ? [actor] : [actor, account])))
  const names = await namesOf(visit, ids)
  const person = (id: string): Markup => {
    const nobody = NOBODY[id]
    if (nobody !== undefined) return markup`${nobody}`
    const name = names.get(id)
    if (name === undefined) return markup`<code>${id.length > SHORT ? `${id.slice(0, SHORT)}…` : id}</code>`
    return markup`<a href="${paths.user(id)}">${plain(name)}</a>`
  }
  const rows = entries.map(({ at, action, actor, account, address, details }) => [
    moment(visit.look, at),
    markup`<code>${action}</code>`,
    person(actor),
    account === undefined ? markup`–` : person(account),
    markup`${addressText(address)}`,
    markup`${Object.entries(details).map(([name, value]) => markup`<small>${name}: ${plain(value)}</small>`)}`,
  ])
  return table({
    caption,
    columns: [
      { label: 'When' },
      { label: 'Event' },
      { label: 'By' },
      { label: 'About' },
      { label: 'From' },
      { label: 'Details' },
    ],
    rows,
    empty: 'Nothing happened.',
  })
}

async function namesOf({ context, brand }: Visit, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const people = [...ids].filter((id) => NOBODY[id] === undefined)
  if (people.length === 0) return new Map()
  const { items } = await context.accounts.list({ brand: brand.id, ids: people }, people.length)
  return new Map(items.map((account) => [account.id, nameOf(account)]))
}
