import { auditEvent } from '../../accounts/index.ts'
import { redirect, sendInvitation } from '../../authenticate/index.ts'
import { actions, confirmForm, form, markup, plain, section, strong, submit } from '../../pages/index.ts'
import { Refusal } from '../../refusal.ts'
import type { AccountWithCredentials } from '../../store/index.ts'
import { adminPage } from '../frame.ts'
import { counted } from '../paging.ts'
import { paths, type UserAction, withQuery } from '../paths.ts'
import { requireRecent, signInAgain, type Visit } from '../visit.ts'
import { nameOf } from '../words.ts'
import { findUser, isUnclaimed } from './find.ts'

/** What a user's page says after something was done; the names stand in addresses. */
export const DONE: Readonly<Record<string, string>> = {
  suspended: 'The account is suspended, and signed out everywhere.',
  resumed: 'The account is active again.',
  'signed-out': 'The account is signed out everywhere.',
  invited: 'The invitation is on its way.',
  'invited-without-mail': 'The account is there, but the mail could not be sent. Send the invitation again later.',
  nothing: 'There was nothing to change.',
}

/**
 * Does one thing to an account, and shows it as it is then.
 * @throws Refusal `not_found`, `recent_sign_in_required`, `access_denied` for one's own account, and what `Limits.mail` throws
 */
export async function changeUser(visit: Visit, action: UserAction, id: string): Promise<Response> {
  const who = await findUser(visit, id)
  requireRecent(visit, paths.user(id))
  return redirect(withQuery(paths.user(id), { done: await CHANGES[action](visit, who) }))
}

type Change = (visit: Visit, who: AccountWithCredentials) => Promise<keyof typeof DONE>

const CHANGES: Readonly<Record<UserAction, Change>> = {
  async suspend(visit, { account }) {
    requireSomebodyElse(visit, account.id)
    const { context, brand, actor } = visit
    return (await context.accounts.suspend(brand.id, account.id, actor)) ? 'suspended' : 'nothing'
  },
  async resume({ context, brand, actor }, { account }) {
    return (await context.accounts.resume(brand.id, account.id, actor)) ? 'resumed' : 'nothing'
  },
  async 'sign-out'({ context, brand, actor, session }, { account }) {
    // Who signs themselves out everywhere stays here, where it was asked for.
    const keep = account.id === actor.id ? session.id : undefined
    await context.accounts.endSessions(brand.id, account.id, actor, keep)
    return 'signed-out'
  },
  async 'invite-again'(visit, who) {
    const { account } = who
    if (!isUnclaimed(who) || account.status !== 'active' || account.email === '') return 'nothing'
    const { context, brand, client, actor, name } = visit
    const asked = { kind: 'invitation', client, brand: brand.id, to: account.email, accountId: account.id } as const
    await context.limits.mail(asked)
    const happened = { brand: brand.id, account: account.id, at: Date.now() }
    await context.store.recordAudit([auditEvent('account.invited', happened, actor, { again: 'yes' })])
    return (await sendInvitation(context, account, name)) === 'sent' ? 'invited' : 'invited-without-mail'
  },
}

/** Asks before an account goes, and offers its data first. @throws Refusal `not_found`, `access_denied` for one's own account */
export async function showDeleteUser(visit: Visit, id: string): Promise<Response> {
  const { account, identities, passkeys } = await findUser(visit, id)
  requireSomebodyElse(visit, id)
  if (!visit.isRecent) return redirect(signInAgain(paths.deleteUser(id)))
  const name = nameOf(account)
  const again =
    account.origin === 'stack'
      ? markup` ${plain(visit.context.config.stackFile)} names this account: the next deployment makes it again, unless it is taken out there.`
      : undefined
  const lost = `${counted(identities.length, 'linked account')}, ${counted(passkeys.length, 'passkey')}`
  const question = markup`${strong(name)} goes, with ${lost} and every session. The audit log stays. This cannot be undone.${again}`
  const first = form({
    action: paths.exportUser(id),
    body: actions([submit({ label: 'Export data (JSON)', emphasis: 'compact' })], 'row'),
  })
  const last = confirmForm(visit.look, {
    action: paths.deleteUser(id),
    question,
    confirm: 'Delete the account',
    cancelHref: paths.user(id),
    risk: 'danger',
  })
  return adminPage(visit, {
    title: `Delete ${name}?`,
    section: 'users',
    body: markup`${section('First, their data', markup`<p>It can be handed over now, and not any more afterwards.</p>${first}`)}${section('Delete', last, 'risky')}`,
  })
}

/** @throws Refusal `not_found`, `recent_sign_in_required`, `access_denied` for one's own account */
export async function deleteUser(visit: Visit, id: string): Promise<Response> {
  await findUser(visit, id)
  requireSomebodyElse(visit, id)
  requireRecent(visit, paths.deleteUser(id))
  const { context, brand, actor } = visit
  await context.accounts.delete(brand.id, id, actor)
  return redirect(withQuery(paths.users, { done: 'deleted' }))
}

/** All that is kept about somebody, as a file. @throws Refusal `not_found`, `recent_sign_in_required` */
export async function exportUser(visit: Visit, id: string): Promise<Response> {
  await findUser(visit, id)
  requireRecent(visit, paths.user(id))
  const { context, brand, actor } = visit
  const data = await context.accounts.export(brand.id, id, actor)
  return new Response(`${JSON.stringify(data, undefined, 2)}\n`, {
    headers: {
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="account.json"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  })
}

/** Nobody locks themselves out. */
function requireSomebodyElse({ actor }: Visit, id: string): void {
  if (id === actor.id) throw new Refusal('access_denied', 'nobody suspends or deletes their own account here')
}
