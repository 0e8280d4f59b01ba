import type { AuditEvent } from '../store/index.ts'
import type { Actor } from './contract.ts'

/** Everything that the log may say has happened. Names are permanent: filters and exports know them. */
export const AUDIT_ACTIONS = [
  'account.created',
  'account.invited',
  'account.suspended',
  'account.resumed',
  'account.deleted',
  'account.exported',
  'account.profile_changed',
  'account.email_changed',
  'identity.linked',
  'identity.unlinked',
  'identity.link_refused',
  'password.set',
  'password.removed',
  'password.refused',
  'passkey.added',
  'passkey.removed',
  'sign_in.succeeded',
  'sign_in.refused',
  'break_glass.used',
  'sessions.ended',
  'provider.tested',
  'accounts.reconciled',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** In place of an account's id: the gateway itself, and the stack file. */
export const SYSTEM = 'system'
export const STACK: Actor = { id: 'stack', address: '' }

/** What happened to whom, at which brand. */
interface Happened {
  brand: string
  account: string | undefined
  at: number
}

/**
 * @param details short texts that anybody who may read the log may read: no address of somebody whom nobody knows yet, no secret
 */
export function auditEvent(
  action: AuditAction,
  { brand, account, at }: Happened,
  { id: actor, address }: Actor,
  details: Readonly<Record<string, string>> = {},
): AuditEvent {
  return { at, brand, action, actor, account, address, details }
}
