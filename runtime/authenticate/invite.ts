import type { Account } from '../store/index.ts'
import type { MailOutcome } from '../mail/index.ts'
import type { AuthenticateContext } from './context.ts'
import { invitation, STEP_LIFETIME_MS } from './steps/index.ts'

/** Where the link of an invitation leads. */
export const INVITATION_PATH = '/invitation'

/**
 * Invites somebody to an account that was made for them, by a link that works once, for seven days.
 * @param invitedBy name of an administrator; undefined where it is the stack
 * @returns `failed` also where no mail is set up
 */
export async function sendInvitation(
  context: Pick<AuthenticateContext, 'config' | 'store' | 'sealer' | 'mailer'>,
  { id, brand, email, language }: Pick<Account, 'id' | 'brand' | 'email' | 'language'>,
  invitedBy: string | undefined,
): Promise<MailOutcome> {
  const url = context.config.brands[brand]?.url
  if (!context.mailer || url === undefined || email === '') return 'failed'
  const expiresAt = Date.now() + STEP_LIFETIME_MS.invitation
  const ticket = await invitation.keep(context, { brand, payload: { email }, accountId: id, expiresAt })
  const link = `${url}${INVITATION_PATH}?${new URLSearchParams({ ticket }).toString()}`
  return context.mailer.send({ to: email, brand, language }, { kind: 'invitation', link, invitedBy, expiresAt })
}

/**
 * Makes the accounts that the configuration names, and invites those for whom there was none. Once for each release; of several
 * replicas, one makes an account, and invites.
 * @throws what the store throws
 */
export async function reconcileAccounts(
  context: Pick<AuthenticateContext, 'config' | 'store' | 'sealer' | 'mailer' | 'accounts'>,
): Promise<void> {
  for (const account of await context.accounts.reconcile()) await sendInvitation(context, account, undefined)
}
