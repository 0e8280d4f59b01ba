import type { AccountStore, Page, Store } from '../store/index.ts'
import { auditEvent } from './audit.ts'
import type { AccountExport, Accounts } from './contract.ts'
import type { AccountsContext } from './deps.ts'

const AT_ONCE = 500

/** All that is kept about a person: in words and times, without what opens anything. */
export function createExport({ store, now }: AccountsContext): Accounts['export'] {
  return async (brand, accountId, actor) => {
    const found = await store.findAccount(brand, accountId)
    if (!found) return undefined
    // First, so that it is in the export as well.
    await store.recordAudit([auditEvent('account.exported', { brand, account: accountId, at: now() }, actor)])
    const { passwordHash, version: _, ...account } = found.account
    return {
      account: {
        ...account,
        createdAt: iso(account.createdAt),
        lastSignInAt: iso(account.lastSignInAt),
        passwordChangedAt: iso(account.passwordChangedAt),
        hasPassword: passwordHash !== undefined,
      },
      identities: found.identities.map(({ accountId: _owner, linkedAt, lastUsedAt, ...identity }) => ({
        ...identity,
        linkedAt: iso(linkedAt),
        lastUsedAt: iso(lastUsedAt),
      })),
      passkeys: found.passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
        id,
        name,
        createdAt: iso(createdAt),
        lastUsedAt: iso(lastUsedAt),
      })),
      sessions: await sessionsOf(store, brand, accountId),
      events: await eventsOf(store, brand, accountId),
    }
  }
}

async function sessionsOf(store: Pick<Store, 'listSessions'>, brand: string, accountId: string) {
  const sessions = await all((after) => store.listSessions({ brand, accountId }, AT_ONCE, after))
  return sessions.map(({ identityProvider, device, createdAt, seenAt, expiresAt, person, authentication }) => ({
    identityProvider,
    ...device,
    email: person.email,
    name: person.name,
    groups: person.groups,
    claims: person.claims,
    methods: authentication.amr,
    createdAt: iso(createdAt),
    seenAt: iso(seenAt),
    expiresAt: iso(expiresAt),
  }))
}

async function eventsOf(
  store: Pick<AccountStore, 'listAudit'>,
  brand: string,
  account: string,
): Promise<AccountExport['events']> {
  const events = await all((after) => store.listAudit({ brand, account }, AT_ONCE, after))
  return events.map(({ at, action, actor, address, details }) => ({ at: iso(at), action, actor, address, details }))
}

async function all<Item>(part: (after: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = []
  let after: string | undefined
  do {
    const page = await part(after)
    items.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return items
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString()
}
