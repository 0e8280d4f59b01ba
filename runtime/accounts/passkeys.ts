import { Refusal } from '../refusal.ts'
import type { Passkey } from '../store/index.ts'
import { auditEvent, SYSTEM } from './audit.ts'
import { changeAccount } from './change-account.ts'
import type { Accounts } from './contract.ts'
import type { AccountsContext } from './deps.ts'
import { isAnyLeft, waysIn } from './ways-in.ts'

/** More than anybody has devices. All are read at each sign-in. */
const MOST_PASSKEYS = 20

type Passkeys = Pick<Accounts, 'addPasskey' | 'notePasskeyUse' | 'findByPasskey' | 'removePasskey'>

/** Passkeys of the gateway's own accounts; what authenticators say is checked before by the endpoints. */
export function createPasskeys(context: AccountsContext): Passkeys {
  return {
    addPasskey: addPasskey(context),
    notePasskeyUse: notePasskeyUse(context),
    findByPasskey: (brand, id) => context.store.findAccountByPasskey(brand, id),
    removePasskey: removePasskey(context),
  }
}

function addPasskey({ store, now, onSecurityChange }: AccountsContext): Passkeys['addPasskey'] {
  return async (brand, accountId, passkey, actor) => {
    const details = { name: passkey.name }
    const done = await changeAccount(store, brand, accountId, ({ passkeys }) => {
      if (passkeys.length >= MOST_PASSKEYS) return { result: 'too_many' as const }
      const at = now()
      return {
        result: 'added' as const,
        change: { addPasskey: { ...passkey, accountId, brand, createdAt: at, lastUsedAt: undefined } },
        audit: [auditEvent('passkey.added', { brand, account: accountId, at }, actor, details)],
      }
    })
    if (done.outcome === 'gone') throw new Refusal('credentials_invalid', 'the account is gone')
    if (done.outcome === 'taken') return 'in_use'
    if (done.result === 'added') onSecurityChange(done.before.account, { what: 'passkey_added', ...details }, actor)
    return done.result
  }
}

function notePasskeyUse({ store, now }: AccountsContext): Passkeys['notePasskeyUse'] {
  return async (brand, passkeyId, counter, { address }) => {
    const found = await store.findAccountByPasskey(brand, passkeyId)
    if (!found) return undefined
    const done = await changeAccount(store, brand, found.account.id, ({ account, passkeys }) => {
      const passkey = passkeys.find(({ id }) => id === passkeyId)
      if (!passkey || account.status === 'suspended' || !isNewer(counter, passkey)) return { result: false }
      return { result: true, change: { updatePasskey: { id: passkeyId, counter, lastUsedAt: now() } } }
    })
    if (done.outcome === 'done' && done.result) return store.findAccount(brand, found.account.id)
    const happened = { brand, account: found.account.id, at: now() }
    const details = { by: 'passkey' }
    await store.recordAudit([auditEvent('sign_in.refused', happened, { id: SYSTEM, address }, details)])
    return undefined
  }
}

/** Of two copies of a key, one falls behind (WebAuthn Level 3 §6.1.1). Authenticators that do not count say 0 always. */
function isNewer(counter: number, passkey: Pick<Passkey, 'counter'>): boolean {
  return counter > passkey.counter || (counter === 0 && passkey.counter === 0)
}

function removePasskey({ store, providers, now, onSecurityChange }: AccountsContext): Passkeys['removePasskey'] {
  return async (brand, accountId, passkeyId, actor, keepSession) => {
    const done = await changeAccount(store, brand.id, accountId, (who) => {
      const passkey = who.passkeys.find(({ id }) => id === passkeyId)
      if (!passkey) return { result: 'not_found' as const }
      const ways = waysIn(brand.config, providers, who)
      if (!isAnyLeft(ways, (way) => way.passkey === passkey)) return { result: 'last_way_in' as const }
      const happened = { brand: brand.id, account: accountId, at: now() }
      return {
        result: 'unlinked' as const,
        change: {
          removePasskey: passkeyId,
          endSessions: keepSession === undefined ? {} : { keep: keepSession },
          endTickets: ['pending_link'],
        },
        audit: [auditEvent('passkey.removed', happened, actor, { name: passkey.name })],
      }
    })
    if (done.outcome !== 'done') return 'not_found'
    const name = done.before.passkeys.find(({ id }) => id === passkeyId)?.name ?? ''
    if (done.result === 'unlinked') onSecurityChange(done.before.account, { what: 'passkey_removed', name }, actor)
    return done.result
  }
}
