import { Refusal } from '../refusal.ts'
import type { Account, AccountChange, AccountStore, AccountWithCredentials, AuditEvent } from '../store/index.ts'

/** Somebody else changed the account between reading and writing: so often it is read again. */
const TRIES = 10

/** What follows from an account as it was read: a change with its log entries, or nothing but a result. */
export interface Decided<Result> {
  result: Result
  change?: AccountChange
  audit?: readonly AuditEvent[]
}

/** `taken` and `gone` changed nothing. */
export type Changed<Result> =
  | { outcome: 'done'; result: Result; before: AccountWithCredentials; account: Account }
  /** The identity, address or passkey is another account's. */
  | { outcome: 'taken' }
  | { outcome: 'gone' }

/**
 * Reads an account, decides, and writes if it is still the same; else all over again, so that two who change it at once are as if one
 * came after the other.
 * @param decide pure; it is asked again with what is there by then
 * @throws Refusal `busy` when it never was the same, and what `decide` throws
 */
export async function changeAccount<Result>(
  store: Pick<AccountStore, 'findAccount' | 'changeAccount'>,
  brand: string,
  id: string,
  decide: (who: AccountWithCredentials) => Decided<Result>,
): Promise<Changed<Result>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const who = await store.findAccount(brand, id)
    if (!who) return { outcome: 'gone' }
    const { result, change, audit = [] } = decide(who)
    if (!change) return { outcome: 'done', result, before: who, account: who.account }
    const outcome = await store.changeAccount(who.account, change, audit)
    if (outcome === 'taken') return { outcome }
    if (outcome === 'changed') return { outcome: 'done', result, before: who, account: changed(who.account, change) }
  }
  throw tooManyChanges()
}

/** An account as it is after a change of it. */
export function changed(account: Account, { set }: AccountChange): Account {
  return { ...account, ...set, version: account.version + 1 }
}

/** Why somebody who is not to blame cannot go on now. */
export function tooManyChanges(): Refusal {
  return new Refusal('busy', `an account changed ${TRIES} times while it was being changed`, { retryAfterSeconds: 1 })
}
