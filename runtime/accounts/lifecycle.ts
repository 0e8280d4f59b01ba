import { isLanguage } from '../languages/index.ts'
import { normalizeEmail, profileText } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { newOpaqueValue } from '../sessions/index.ts'
import type { Account, AccountChange, TicketKind } from '../store/index.ts'
import { type AuditAction, auditEvent } from './audit.ts'
import { changeAccount } from './change-account.ts'
import type { Accounts, Actor } from './contract.ts'
import type { AccountsContext } from './deps.ts'
import { changeProfile } from './profile.ts'

type Lifecycle = Pick<
  Accounts,
  'changeProfile' | 'setLanguage' | 'invite' | 'suspend' | 'resume' | 'endSessions' | 'delete'
>

/** Somebody who may not come in must not hold a link that would let them. */
const ALL_TICKETS: readonly TicketKind[] = [
  'email_verification',
  'pending_sign_in',
  'pending_link',
  'invitation',
  'password_reset',
]

/** As many as a provider may say. */
const MOST_GROUPS = 1_000

/** What happens to an account beside signing in. */
export function createLifecycle(context: AccountsContext): Lifecycle {
  const { store, now, onSecurityChange } = context
  return {
    async changeProfile(brand, accountId, changes, actor) {
      await changeAccount(store, brand, accountId, ({ account }) => {
        const set = changeProfile(account, changes)
        if (!set) return { result: undefined }
        const details = { fields: Object.keys(changes).join(' ') }
        const happened = { brand, account: accountId, at: now() }
        return {
          result: undefined,
          change: { set },
          audit: [auditEvent('account.profile_changed', happened, actor, details)],
        }
      })
    },
    async setLanguage(brand, accountId, language) {
      if (!isLanguage(language)) return
      await changeAccount(store, brand, accountId, ({ account }) => ({
        result: undefined,
        ...(account.language === language ? {} : { change: { set: { language } } }),
      }))
    },
    async invite(brand, { email: typed, name, groups }, actor) {
      const email = normalizeEmail(typed.trim())
      if (email === undefined) throw new Refusal('request_malformed', 'that is no address')
      if (groups.length > MOST_GROUPS) throw new Refusal('request_malformed', `more than ${MOST_GROUPS} groups`)
      const account = ownAccount({ brand, email, name, groups, origin: 'invitation', now: now() })
      const happened = { brand, account: account.id, at: account.createdAt }
      const events = (['account.created', 'account.invited'] as const).map((each) => auditEvent(each, happened, actor))
      return (await store.insertAccount(account, undefined, events)) === 'inserted' ? account : undefined
    },
    suspend: (brand, accountId, actor) =>
      change(
        context,
        { brand, accountId, actor },
        'account.suspended',
        ({ status }) =>
          status === 'active' && { set: { status: 'suspended' }, endSessions: {}, endTickets: ALL_TICKETS },
      ),
    resume: (brand, accountId, actor) =>
      change(
        context,
        { brand, accountId, actor },
        'account.resumed',
        ({ status }) => status === 'suspended' && { set: { status: 'active' } },
      ),
    async endSessions(brand, accountId, actor, keep) {
      const done = await changeAccount(store, brand, accountId, () => ({
        result: undefined,
        change: { endSessions: keep === undefined ? {} : { keep } },
        audit: [auditEvent('sessions.ended', { brand, account: accountId, at: now() }, actor)],
      }))
      if (done.outcome === 'done') onSecurityChange(done.before.account, { what: 'sessions_ended' }, actor)
    },
    delete: (brand, accountId, actor) => {
      const happened = { brand, account: accountId, at: now() }
      return store.deleteAccount(brand, accountId, [auditEvent('account.deleted', happened, actor)])
    },
  }
}

/** @returns false where there is nothing to change, or no account */
async function change(
  { store, now }: AccountsContext,
  { brand, accountId, actor }: { brand: string; accountId: string; actor: Actor },
  action: AuditAction,
  decide: (account: Account) => AccountChange | false,
): Promise<boolean> {
  const done = await changeAccount(store, brand, accountId, ({ account }) => {
    const changes = decide(account)
    if (!changes) return { result: false }
    const audit = [auditEvent(action, { brand, account: accountId, at: now() }, actor)]
    return { result: true, change: changes, audit }
  })
  return done.outcome === 'done' && done.result
}

/** What is known of somebody for whom an account is made. */
interface Foreseen {
  brand: string
  /** In its one spelling. */
  email: string
  name: string
  groups: readonly string[]
  origin: 'invitation' | 'stack'
  now: number
}

/** An account that nobody has signed in to; its id says nothing about anybody. */
export function ownAccount({ brand, email, name: given, groups, origin, now }: Foreseen): Account {
  const name = profileText('name', given)
  return {
    id: newOpaqueValue(),
    brand,
    status: 'active',
    origin,
    email,
    profile: name === undefined ? {} : { name },
    ownFields: [],
    groups: [...groups],
    passwordHash: undefined,
    passwordChangedAt: undefined,
    language: '',
    createdAt: now,
    lastSignInAt: undefined,
    version: 1,
  }
}
