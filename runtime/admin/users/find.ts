import type { AccountWithCredentials } from '../../store/index.ts'
import { notHere, type Visit } from '../visit.ts'

/** An account of the brand. @throws Refusal `not_found` for those of other brands as well */
export async function findUser({ context, brand }: Visit, id: string): Promise<AccountWithCredentials> {
  const found = await context.accounts.find(brand.id, id)
  if (!found) throw notHere()
  return found
}

/** Whether nobody has signed in to it yet, so that an invitation still leads to it. */
export function isUnclaimed({ account, identities, passkeys }: AccountWithCredentials): boolean {
  return account.passwordHash === undefined && identities.length === 0 && passkeys.length === 0
}
