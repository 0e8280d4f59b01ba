import { Refusal } from '../refusal.ts'
import { lastWay } from './last-way.ts'
import { type PasswordProblem, passwordPage, removePasswordPage } from './pages/password.ts'
import { paths } from './paths.ts'
import { goBack, NOT_TAKEN, show } from './show.ts'
import { ownWays, type Visit } from './visit.ts'

/** Asks for a new password. @throws Refusal `not_found` where the person may have none */
export function showPassword(visit: Visit): Response {
  return askForPassword(visit)
}

/**
 * Sets the first password, or another one for whoever knows the present one.
 * @throws Refusal `not_found` where the person may have none, `request_malformed`, `rate_limited`, `busy`
 */
export async function setPassword(visit: Visit, form: URLSearchParams): Promise<Response> {
  const { context, brand, who, actor, client, session } = visit
  requireOffered(visit)
  const { account } = who
  const next = form.get('next') ?? ''
  if (account.passwordHash !== undefined) {
    const present = form.get('present') ?? ''
    const right = await context.accounts.checkPassword(brand, account.email, present, {
      address: actor.address,
      shared: client.shared,
    })
    if (right?.account.id !== account.id) return askForPassword(visit, 'wrong')
  }
  const outcome = await context.accounts.setPassword(brand.id, account.id, next, actor, session.id)
  return outcome === 'set' ? goBack(paths.security, 'password_set') : askForPassword(visit, outcome)
}

/** Asks before the password is removed, or says why it stays. @throws Refusal `not_found` where there is none */
export function showRemovePassword(visit: Visit): Response {
  const { look, who } = visit
  if (who.account.passwordHash === undefined) throw new Refusal('not_found', 'the account has no password')
  return lastWay(visit, { kind: 'password' }, 'ask') ?? show(visit, removePasswordPage(look))
}

/** @throws Refusal `not_found` where there is none */
export async function removePassword(visit: Visit): Promise<Response> {
  const { context, brand, who, actor, session } = visit
  switch (await context.accounts.removePassword(brand, who.account.id, actor, session.id)) {
    case 'unlinked':
      return goBack(paths.security, 'password_removed')
    case 'last_way_in':
      return lastWay(visit, { kind: 'password' }, 'refuse')
    case 'not_found':
      throw new Refusal('not_found', 'the account has no password')
  }
}

function askForPassword(visit: Visit, problem?: PasswordProblem): Response {
  requireOffered(visit)
  const { context, brand, look, who } = visit
  const { email, passwordHash } = who.account
  const kind = passwordHash === undefined ? 'set' : 'change'
  const canReset = context.mailer !== undefined && brand.config.password === 'on'
  const content = passwordPage(look, { email, kind, problem, canReset })
  return show(visit, content, { status: problem ? NOT_TAKEN : 200 })
}

function requireOffered(visit: Visit): void {
  if (!ownWays(visit).password) throw new Refusal('not_found', 'nobody sets a password here')
}
