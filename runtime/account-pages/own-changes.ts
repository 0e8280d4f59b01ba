import type { AuditAction } from '../accounts/index.ts'
import { Refusal } from '../refusal.ts'
import type { AccountChange, AccountWithCredentials, AuditEvent, Profile, Session } from '../store/index.ts'
import type { Visit } from './visit.ts'

/** Somebody changed the account between reading and writing: so often it is read again. */
const TRIES = 10

/** Gives a field back to the provider: what it says counts from the next sign-in on. @throws Refusal `busy` */
export async function resetField(visit: Visit, field: keyof Profile): Promise<void> {
  await change(
    visit,
    ({ account: { ownFields } }) =>
      ownFields.includes(field) ? { set: { ownFields: ownFields.filter((own) => own !== field) } } : undefined,
    [event(visit, 'account.profile_changed', { reset: field })],
  )
}

/** Calls a passkey otherwise; does nothing where it is gone. @throws Refusal `busy` */
export async function renamePasskey(visit: Visit, id: string, name: string): Promise<void> {
  await change(
    visit,
    ({ passkeys }) => {
      const passkey = passkeys.find((one) => one.id === id)
      return passkey && passkey.name !== name ? { updatePasskey: { id, name } } : undefined
    },
    [],
  )
}

/** Ends one session of the account, with every app's. */
export async function endSession(visit: Visit, session: Session): Promise<void> {
  await visit.context.sessions.end(session)
  await visit.context.store.recordAudit([event(visit, 'sessions.ended', { sessions: '1' })])
}

async function change(
  { context: { store }, brand, who }: Visit,
  decide: (who: AccountWithCredentials) => AccountChange | undefined,
  audit: readonly AuditEvent[],
): Promise<void> {
  let current: AccountWithCredentials | undefined = who
  for (let tries = 0; tries < TRIES && current; tries += 1) {
    const changes = decide(current)
    if (!changes || (await store.changeAccount(current.account, changes, audit)) !== 'stale') return
    current = await store.findAccount(brand.id, who.account.id)
  }
  if (current) throw new Refusal('busy', `an account changed ${TRIES} times while it was being changed`)
}

function event(
  { brand, who, actor }: Visit,
  action: AuditAction,
  details: Readonly<Record<string, string>>,
): AuditEvent {
  return {
    at: Date.now(),
    brand: brand.id,
    action,
    actor: actor.id,
    account: who.account.id,
    address: actor.address,
    details,
  }
}
