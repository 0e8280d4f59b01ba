import { digest } from '../../sessions/index.ts'
import type { AuthenticateContext } from '../context.ts'

const KIND = 'email_verification'

type MarkContext = Pick<AuthenticateContext, 'store' | 'sealer'>

/** Notes that the address of a pending sign-in was confirmed, wherever that was: it goes on in the browser that it is bound to. */
export async function noteConfirmed(
  { store, sealer }: MarkContext,
  { brand, pending, email, expiresAt }: { brand: string; pending: string; email: string; expiresAt: number },
): Promise<void> {
  const id = markId(pending)
  // A second mail of the same sign-in was opened.
  if (await store.findTicket(KIND, id, Date.now())) return
  const sealed = sealer.seal(KIND, id, email)
  await store.insertTicket({ id, kind: KIND, brand, accountId: undefined, bindingHash: undefined, sealed, expiresAt })
}

/** @param pending value of the pending sign-in; @returns the address that was confirmed for it, if one was */
export async function confirmedAddress({ store, sealer }: MarkContext, pending: string): Promise<string | undefined> {
  const id = markId(pending)
  const mark = await store.findTicket(KIND, id, Date.now())
  return mark && sealer.open(KIND, id, mark.sealed)
}

/** No link's: its value is made of another one. */
function markId(pending: string): string {
  return digest(`confirmed ${digest(pending)}`)
}
