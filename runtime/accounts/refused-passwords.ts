import { digest } from '../sessions/index.ts'
import { auditEvent, SYSTEM } from './audit.ts'
import type { AccountsContext } from './deps.ts'

const HOUR_MS = 60 * 60_000

/** Entries of one account in an hour: enough to see that somebody tries, and from where. */
export const REFUSED_PASSWORDS_PER_HOUR = 20

/** An attempt that was refused. */
export interface RefusedPassword {
  brand: string
  /** As it was typed, or in its one spelling. */
  email: string
  /** Undefined where nobody has the address. */
  accountId: string | undefined
  /** Of the client; empty where nobody knows. */
  address: string
}

/**
 * Notes an attempt in the log of the account that it was at, which keeps everything forever: so many in an hour, the last of which says
 * that those after it are not noted, and nothing for an address that nobody has. Each does as much work as the others, so
 * that the time does not tell who has an account here.
 */
export async function noteRefusedPassword(
  { store, now }: Pick<AccountsContext, 'store' | 'now'>,
  { brand, email, accountId, address }: RefusedPassword,
): Promise<void> {
  const at = now()
  const key = `refused:${digest(JSON.stringify([brand, email]))}`
  const count = await store.countEvent(key, HOUR_MS, at)
  if (accountId === undefined || count > REFUSED_PASSWORDS_PER_HOUR) {
    // In place of the entry: one write, which the store forgets by itself.
    await store.countEvent(`${key}:unnoted`, HOUR_MS, at)
    return
  }
  const isLast = count === REFUSED_PASSWORDS_PER_HOUR
  const details: Readonly<Record<string, string>> = isLast ? { more: 'not noted within this hour' } : {}
  const happened = { brand, account: accountId, at }
  await store.recordAudit([auditEvent('password.refused', happened, { id: SYSTEM, address }, details)])
}
