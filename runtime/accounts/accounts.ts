import { normalizeEmail } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { READ_FROM_ACCOUNT } from '../sessions/index.ts'
import type { Account, Person } from '../store/index.ts'
import { createAdmit } from './admit.ts'
import { auditEvent } from './audit.ts'
import { changeAccount } from './change-account.ts'
import type { Accounts } from './contract.ts'
import type { AccountsContext, AccountsDeps } from './deps.ts'
import { createExport } from './export.ts'
import { createIdentities } from './identities.ts'
import { createLifecycle } from './lifecycle.ts'
import { createPasskeys } from './passkeys.ts'
import { createPasswords } from './passwords.ts'
import { displayName } from './profile.ts'
import { createReconcile } from './reconcile.ts'
import { waysIn } from './ways-in.ts'

export type { AccountsDeps } from './deps.ts'

/** Accounts over a store. Every change is one step there, with what the log says about it. */
export function createAccounts(deps: AccountsDeps): Accounts {
  const context: AccountsContext = { onSecurityChange: () => undefined, now: Date.now, ...deps }
  const { store, providers } = context
  return {
    admit: createAdmit(context),
    personOf,
    find: (brand, id) => store.findAccount(brand, id),
    async findByEmail(brand, typed) {
      const email = normalizeEmail(typed)
      return email === undefined ? undefined : store.findAccountByEmail(brand, email)
    },
    list: (filter, limit, after) => store.listAccounts(filter, limit, after),
    waysIn: (brand, who) => waysIn(brand.config, providers, who),
    noteSignIn: noteSignIn(context),
    ...createIdentities(context),
    ...createPasswords(context),
    ...createPasskeys(context),
    ...createLifecycle(context),
    export: createExport(context),
    reconcile: createReconcile(context),
  }
}

/** @throws Refusal `account_suspended` */
function personOf(account: Account): Person {
  requireActive(account)
  const { id, email, groups } = account
  return { id, email, name: displayName(account), groups, claims: {}, readAs: READ_FROM_ACCOUNT }
}

function noteSignIn({ store, now, onSecurityChange }: AccountsContext): Accounts['noteSignIn'] {
  return async (brand, accountId, by, { address }) => {
    const actor = { id: accountId, address }
    const isBreakGlass = by === 'break_glass'
    const done = await changeAccount(store, brand, accountId, ({ account }) => {
      requireActive(account)
      const at = now()
      const happened = { brand, account: accountId, at }
      return {
        result: undefined,
        change: { set: { lastSignInAt: at } },
        audit: [
          ...(isBreakGlass ? [auditEvent('break_glass.used', happened, actor)] : []),
          auditEvent('sign_in.succeeded', happened, actor, { by }),
        ],
      }
    })
    if (done.outcome !== 'done') throw new Refusal('credentials_invalid', 'the account is gone')
    if (isBreakGlass) onSecurityChange(done.before.account, { what: 'break_glass_used' }, actor)
    return done.account
  }
}

function requireActive({ status }: Pick<Account, 'status'>): void {
  if (status === 'suspended') throw new Refusal('account_suspended', 'the account is suspended')
}
