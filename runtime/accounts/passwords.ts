import type { Account, AccountWithCredentials } from '../store/index.ts'
import { Refusal } from '../refusal.ts'
import { auditEvent } from './audit.ts'
import { changeAccount } from './change-account.ts'
import type { Accounts } from './contract.ts'
import type { AccountsContext } from './deps.ts'
import { judgePassword } from './password-policy.ts'
import { normalizeEmail } from '../providers/index.ts'
import { noteRefusedPassword } from './refused-passwords.ts'
import { isAnyLeft, waysIn } from './ways-in.ts'

type Passwords = Pick<Accounts, 'checkPassword' | 'judgePassword' | 'setPassword' | 'removePassword'>

/** Passwords of the gateway's own accounts. */
export function createPasswords(context: AccountsContext): Passwords {
  return {
    judgePassword,
    checkPassword: checkPassword(context),
    setPassword: setPassword(context),
    removePassword: removePassword(context),
  }
}

function checkPassword(context: AccountsContext): Passwords['checkPassword'] {
  const { store, passwords, limits } = context
  return async (brand, typed, password, client) => {
    if (brand.config.password === 'off') return undefined
    const email = normalizeEmail(typed)
    await limits.password(brand.id, email ?? typed, client)
    const found = email === undefined ? undefined : await store.findAccountByEmail(brand.id, email)
    const check = await passwords.check(password, found?.account.passwordHash)
    if (found && check !== 'wrong' && found.account.status === 'active') {
      if (check === 'outdated') await rehash(context, found.account, password)
      return found
    }
    const tried = { brand: brand.id, email: email ?? typed, accountId: found?.account.id, address: client.address }
    await noteRefusedPassword(context, tried)
    return undefined
  }
}

/** The password alone is known now to be right; where the account changed meanwhile, the next sign-in does it. */
async function rehash({ store, passwords }: AccountsContext, account: Account, password: string): Promise<void> {
  await store.changeAccount(account, { set: { passwordHash: await passwords.hash(password) } }, [])
}

function setPassword({ store, passwords, now, onSecurityChange }: AccountsContext): Passwords['setPassword'] {
  return async (brand, accountId, password, actor, keepSession) => {
    const who = await store.findAccount(brand, accountId)
    if (!who) throw accountGone()
    const verdict = judgePassword(password, namesOf(who))
    if (verdict !== 'good') return verdict
    const passwordHash = await passwords.hash(password)
    const done = await changeAccount(store, brand, accountId, () => {
      const at = now()
      return {
        result: undefined,
        change: {
          set: { passwordHash, passwordChangedAt: at },
          endSessions: keepSession === undefined ? {} : { keep: keepSession },
          endTickets: ['password_reset', 'invitation', 'pending_link'],
        },
        audit: [auditEvent('password.set', { brand, account: accountId, at }, actor)],
      }
    })
    if (done.outcome !== 'done') throw accountGone()
    onSecurityChange(done.before.account, { what: 'password_set' }, actor)
    return 'set'
  }
}

function removePassword({ store, providers, now, onSecurityChange }: AccountsContext): Passwords['removePassword'] {
  return async (brand, accountId, actor, keepSession) => {
    const done = await changeAccount(store, brand.id, accountId, (who) => {
      if (who.account.passwordHash === undefined) return { result: 'not_found' as const }
      const ways = waysIn(brand.config, providers, who)
      if (!isAnyLeft(ways, ({ kind }) => kind === 'password')) return { result: 'last_way_in' as const }
      return {
        result: 'unlinked' as const,
        change: {
          set: { passwordHash: undefined, passwordChangedAt: undefined },
          endSessions: keepSession === undefined ? {} : { keep: keepSession },
          endTickets: ['password_reset', 'pending_link'],
        },
        audit: [auditEvent('password.removed', { brand: brand.id, account: accountId, at: now() }, actor)],
      }
    })
    if (done.outcome !== 'done') return 'not_found'
    if (done.result === 'unlinked') onSecurityChange(done.before.account, { what: 'password_removed' }, actor)
    return done.result
  }
}

/** What anybody knows who wants to guess. */
function namesOf({ account: { email, profile } }: AccountWithCredentials): string[] {
  const { username, name, company } = profile
  return [email, username, name, company].filter((text) => text !== undefined)
}

function accountGone(): Refusal {
  return new Refusal('credentials_invalid', 'the account is gone')
}
