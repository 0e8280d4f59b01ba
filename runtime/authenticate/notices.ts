import type { Actor } from '../accounts/index.ts'
import type { RuntimeConfig } from '../config.ts'
import type { Mailer, SecurityChange } from '../mail/index.ts'
import type { Account } from '../store/index.ts'

/** Where somebody sees and changes by what they sign in. */
export const ACCOUNT_SECURITY_PATH = '/account/security'

/**
 * Tells people by mail of what changed about their account's security; nobody waits for it, and the mailer logs what fails.
 * @param mailer undefined where no mail is set up: then nobody is told
 */
export function createNotices(
  { brands }: Pick<RuntimeConfig, 'brands'>,
  mailer: Mailer | undefined,
): (account: Account, change: SecurityChange, actor: Actor) => void {
  return ({ brand, email, language }, change, { address }) => {
    const { url } = brands[brand] ?? {}
    if (!mailer || email === '' || url === undefined) return
    const link = `${url}${ACCOUNT_SECURITY_PATH}`
    void mailer.send({ to: email, brand, language }, { kind: 'security_notice', change, at: Date.now(), address, link })
  }
}
