import { redirect, sendInvitation } from '../../authenticate/index.ts'
import { field, form, linkButton, markup, notice, submit } from '../../pages/index.ts'
import { normalizeEmail } from '../../providers/index.ts'
import { Refusal } from '../../refusal.ts'
import { adminPage } from '../frame.ts'
import { paths, withQuery } from '../paths.ts'
import { requireRecent, signInAgain, type Visit } from '../visit.ts'

/** What was typed, to be shown again with what is wrong. */
interface Typed {
  email: string
  name: string
  groups: string
}

/** The answer to a form with something wrong in it (RFC 9110 §15.5.21). */
const UNPROCESSABLE = 422
const LONGEST_GROUPS = 1_000

/** Asks who is to be invited. */
export function showInvite(visit: Visit): Response {
  if (!visit.isRecent) return redirect(signInAgain(paths.invite))
  return invitePage(visit, { email: '', name: '', groups: '' })
}

/**
 * Makes an account and sends its person a mail. The address counts as the administrator's word.
 * @throws Refusal `recent_sign_in_required`, and what `Limits.mail` throws
 */
export async function inviteUser(visit: Visit, sent: URLSearchParams): Promise<Response> {
  requireRecent(visit, paths.invite)
  const { context, brand, client, actor, name: inviter } = visit
  const typed = {
    email: (sent.get('email') ?? '').trim(),
    name: (sent.get('name') ?? '').trim(),
    groups: (sent.get('groups') ?? '').trim(),
  }
  const groups = typed.groups.split(/[\s,]+/).filter((group) => group !== '')
  const to = normalizeEmail(typed.email)
  if (context.mailer && to !== undefined)
    await context.limits.mail({ kind: 'invitation', client, brand: brand.id, to, accountId: undefined })
  try {
    const account = await context.accounts.invite(brand.id, { email: typed.email, name: typed.name, groups }, actor)
    if (!account) return invitePage(visit, typed, 'Somebody has this address already.')
    const outcome = await sendInvitation(context, account, inviter)
    return redirect(
      withQuery(paths.user(account.id), { done: outcome === 'sent' ? 'invited' : 'invited-without-mail' }),
    )
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'request_malformed') throw error
    return invitePage(visit, typed, 'That is no address.')
  }
}

function invitePage(visit: Visit, { email, name, groups }: Typed, problem?: string): Response {
  const { look, context } = visit
  const fields = markup`${field(look, {
    name: 'email',
    label: 'Address',
    type: 'email',
    autocomplete: 'off',
    value: email,
    problem,
    autofocus: true,
  })}
${field(look, { name: 'name', label: 'Name', type: 'text', autocomplete: 'off', value: name })}
${field(look, {
  name: 'groups',
  label: 'Groups',
  type: 'text',
  autocomplete: 'off',
  value: groups,
  required: false,
  maxLength: LONGEST_GROUPS,
  hint: 'Separated by commas. They count for sessions by password or passkey; an identity provider says its own.',
})}
<div class="actions">${submit({ label: 'Send the invitation', emphasis: 'primary' })}${linkButton({ href: paths.users, label: 'Cancel' })}</div>`
  const warning = context.mailer
    ? undefined
    : notice(
        'No mail is set up: the account is made, but nobody is told. They can sign in with an identity provider that verifies the address.',
        'warn',
      )
  return adminPage(visit, {
    title: 'Invite a user',
    section: 'users',
    status: problem === undefined ? 200 : UNPROCESSABLE,
    body: markup`<p class="lead">They get a mail with a link that works once, for seven days.</p>${warning}${form({ action: paths.invite, body: fields })}`,
  })
}
