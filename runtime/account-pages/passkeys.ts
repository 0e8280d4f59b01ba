import { nameForPasskey, offerNewPasskey, readNewPasskey } from '../authenticate/index.ts'
import { profileText } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { Passkey } from '../store/index.ts'
import { deviceWords } from './device-words.ts'
import { type Handle, passkeyHandle } from './handle.ts'
import { lastWay } from './last-way.ts'
import { renamePasskey } from './own-changes.ts'
import {
  LONGEST_NAME,
  newPasskeyPage,
  type PasskeyProblem,
  removePasskeyPage,
  renamePasskeyPage,
} from './pages/passkeys.ts'
import { paths } from './paths.ts'
import { goBack, IN_THE_WAY, NOT_TAKEN, show } from './show.ts'
import { ownWays, type Visit } from './visit.ts'

/** Has the browser make a passkey. @throws Refusal `not_found` where the person may have none */
export function showNewPasskey(visit: Visit): Promise<Response> {
  requireOffered(visit)
  return offer(visit, 200)
}

/** Adds the passkey that the browser made. @throws Refusal `not_found` where the person may have none */
export async function addPasskey(visit: Visit, form: URLSearchParams): Promise<Response> {
  requireOffered(visit)
  const { context, brand, who, actor } = visit
  const made = await readNewPasskey(visit, form, who.account.id)
  if (!made) return offer(visit, NOT_TAKEN, 'failed')
  switch (await context.accounts.addPasskey(brand.id, who.account.id, { ...made, name: newName(visit) }, actor)) {
    case 'added':
      return goBack(paths.security, 'passkey_added')
    case 'in_use':
      return offer(visit, IN_THE_WAY, 'inUse')
    case 'too_many':
      return offer(visit, IN_THE_WAY, 'tooMany')
  }
}

/** Asks how a passkey is to be called. @throws Refusal `not_found` */
export function showRenamePasskey(visit: Visit, handle: Handle): Response {
  const { name } = passkeyOf(visit, handle)
  return show(visit, renamePasskeyPage(visit.look, { handle, name }))
}

/** An empty name changes nothing. @throws Refusal `not_found`, `busy` */
export async function giveName(visit: Visit, form: URLSearchParams, handle: Handle): Promise<Response> {
  const { id } = passkeyOf(visit, handle)
  const name = profileText(
    'name',
    Array.from(form.get('name') ?? '')
      .slice(0, LONGEST_NAME)
      .join(''),
  )
  if (name !== undefined) await renamePasskey(visit, id, name)
  return goBack(paths.security, 'passkey_renamed')
}

/** Asks before a passkey is removed, or says why it stays. @throws Refusal `not_found` */
export function showRemovePasskey(visit: Visit, handle: Handle): Response {
  const passkey = passkeyOf(visit, handle)
  const content = removePasskeyPage(visit.look, { handle, name: passkey.name })
  return lastWay(visit, { kind: 'passkey', passkey }, 'ask') ?? show(visit, content)
}

/** @throws Refusal `not_found` where the account has none by that handle, also because another tab was faster */
export async function removePasskey(visit: Visit, _form: URLSearchParams, handle: Handle): Promise<Response> {
  const { context, brand, who, actor, session } = visit
  const passkey = passkeyOf(visit, handle)
  switch (await context.accounts.removePasskey(brand, who.account.id, passkey.id, actor, session.id)) {
    case 'unlinked':
      return goBack(paths.security, 'passkey_removed')
    case 'last_way_in':
      return lastWay(visit, { kind: 'passkey', passkey }, 'refuse')
    case 'not_found':
      throw gone()
  }
}

async function offer(visit: Visit, status: number, problem?: PasskeyProblem): Promise<Response> {
  const { form, cookie } = await offerNewPasskey(visit, { account: visit.who, action: paths.newPasskey })
  const content = newPasskeyPage(visit.look, { passkey: form, problem })
  return show(visit, content, { status, setCookies: [cookie] })
}

/** The device is what people know their passkeys by. */
function newName({ request, look, who }: Visit): string {
  const device = deviceWords(look.language, request.headers.get('user-agent') ?? '')
  const isTaken = who.passkeys.some(({ name }) => name === device)
  return device === undefined || isTaken ? nameForPasskey(who.passkeys) : device
}

function passkeyOf({ who }: Visit, handle: Handle): Passkey {
  const passkey = who.passkeys.find((one) => passkeyHandle(one) === handle)
  if (!passkey) throw gone()
  return passkey
}

function requireOffered(visit: Visit): void {
  if (!ownWays(visit).passkeys) throw new Refusal('not_found', 'nobody has a passkey here')
}

function gone(): Refusal {
  return new Refusal('not_found', 'the account has no such passkey', { retry: paths.security })
}
