import type { RuntimeConfig } from '../config.ts'
import { normalizeEmail, profileText } from '../providers/index.ts'
import type { Account, AccountChange, AccountWithCredentials } from '../store/index.ts'
import { auditEvent, STACK } from './audit.ts'
import { changeAccount } from './change-account.ts'
import type { Accounts } from './contract.ts'
import type { AccountsContext } from './deps.ts'
import { ownAccount } from './lifecycle.ts'

type Declared = RuntimeConfig['accounts'][string]

const AT_ONCE = 500

/**
 * Brings the store to what the stack file says: its accounts are there, and have its names and groups. It touches no password and no
 * identity. Any number of replicas may do it at once.
 */
export function createReconcile(context: AccountsContext): Accounts['reconcile'] {
  const { config, log } = context
  return async () => {
    const made: Account[] = []
    const declared = new Set<string>()
    for (const [key, entry] of Object.entries(config.accounts)) {
      const email = normalizeEmail(entry.email)
      if (email === undefined) {
        log.warn({ account: key }, 'The address of an account in the configuration is none; nobody gets it')
        continue
      }
      const { account, isNew } = await ensure(context, { ...entry, email })
      declared.add(account.id)
      if (isNew) made.push(account)
    }
    await reportUndeclared(context, declared)
    return made
  }
}

async function ensure(context: AccountsContext, entry: Declared): Promise<{ account: Account; isNew: boolean }> {
  const { store, now } = context
  const { brand, email } = entry
  const found = await store.findAccountByEmail(brand, email)
  if (found) return { account: await follow(context, found.account.id, entry), isNew: false }
  const account = ownAccount({ ...entry, origin: 'stack', now: now() })
  const happened = { brand, account: account.id, at: account.createdAt }
  const outcome = await store.insertAccount(account, undefined, [auditEvent('account.created', happened, STACK)])
  if (outcome === 'inserted') return { account, isNew: true }
  // Another replica was faster.
  const other = await store.findAccountByEmail(brand, email)
  return { account: other?.account ?? account, isNew: false }
}

/** Groups that were taken away must not live on in sessions. */
async function follow({ store, now }: AccountsContext, id: string, entry: Declared): Promise<Account> {
  const { brand } = entry
  const done = await changeAccount(store, brand, id, ({ account }) => {
    const set = differences(account, entry)
    if (!set) return { result: account }
    const happened = { brand, account: id, at: now() }
    return {
      result: account,
      change: { set, ...(set.groups ? { endSessions: {} } : {}) },
      audit: [auditEvent('accounts.reconciled', happened, STACK, { fields: Object.keys(set).join(' ') })],
    }
  })
  if (done.outcome === 'done') return done.account
  throw new Error(`an account of the configuration at brand ${brand} went away while it was looked at`)
}

function differences(account: Account, entry: Declared): AccountChange['set'] {
  const name = profileText('name', entry.name)
  const isOtherName = !account.ownFields.includes('name') && name !== undefined && account.profile.name !== name
  const isSameGroups =
    account.groups.length === entry.groups.length && account.groups.every((group) => entry.groups.includes(group))
  if (!isOtherName && isSameGroups) return undefined
  return {
    ...(isOtherName ? { profile: { ...account.profile, name } } : {}),
    ...(isSameGroups ? {} : { groups: [...entry.groups] }),
  }
}

/** Found by the log, which says whom the stack made: they are few, however many accounts there are. */
async function reportUndeclared({ store, log }: AccountsContext, declared: ReadonlySet<string>): Promise<void> {
  let after: string | undefined
  do {
    const page = await store.listAudit({ action: 'account.created', actor: STACK.id }, AT_ONCE, after)
    for (const { brand, account } of page.items) {
      if (account === undefined || declared.has(account)) continue
      const left: AccountWithCredentials | undefined = await store.findAccount(brand, account)
      if (left?.account.status === 'active') {
        log.warn({ brand, account }, 'An account that the configuration does not name any more is left as it is')
      }
    }
    after = page.next
  } while (after !== undefined)
}
