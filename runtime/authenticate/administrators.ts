import { policyInput, subjectOfSession } from '../identity/index.ts'
import type { Session } from '../store/index.ts'
import type { AuthenticateContext, LoginRequest } from './context.ts'
import { addressOf } from './who-asks.ts'

/** What the rule for administrators reads of a session. */
export type AdminCandidate = Pick<Session, 'id' | 'version' | 'person' | 'identityProvider' | 'authentication'>

/**
 * Whether the stack's `admins` rule lets somebody administer; without a rule nobody may, and an error in it denies.
 * @param login the request that they ask by: a rule may read its path, address and time
 */
export function mayAdminister(
  {
    context,
    request,
    client,
  }: Pick<LoginRequest, 'request' | 'client'> & { context: Pick<AuthenticateContext, 'admins'> },
  session: AdminCandidate,
): boolean {
  const { host, pathname } = new URL(request.url)
  const { method } = request
  const about = { method, path: pathname, host, ip: addressOf(client), time: Date.now() }
  return context.admins?.decide(policyInput(subjectOfSession(session), about)).allowed === true
}
