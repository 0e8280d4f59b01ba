import type { PageContent } from '../layout.ts'
import type { Look } from '../look.ts'
import { address, markup, type Markup } from '../markup.ts'
import { actions, field, form, strong, submit } from '../parts/index.ts'
import { keptAddress, LONGEST_INPUT } from './sign-in.ts'
import { flowWords } from './words/index.ts'

/** What is wrong with a password that somebody wants to have. */
export type PasswordProblem = 'too_short' | 'too_long' | 'common'

export interface ResetRequestOptions {
  action: string
  email?: string | undefined
  problem?: 'email' | undefined
  signInHref: string
}

/** Asks for the address that a link is sent to. Its form needs `formAction: ["'self'"]`. */
export function resetRequestPage(look: Look, options: ResetRequestOptions): PageContent {
  const { reset, common, problem } = flowWords(look.language)
  const email = field(look, {
    name: 'email',
    label: common.email,
    type: 'email',
    autocomplete: 'username',
    value: options.email,
    problem: options.problem && problem[options.problem],
    autofocus: true,
  })
  const send = submit({ label: reset.send, emphasis: 'primary' })
  return {
    title: reset.title,
    body: markup`<h1>${reset.title}</h1>
<p class="lead">${reset.lead}</p>
${form({ action: options.action, body: markup`${email}${actions([send])}` })}
<p class="note"><a href="${address(options.signInHref)}">${common.signIn}</a></p>`,
  }
}

/** Says the same whether or not there is an account. */
export function resetSentPage(look: Look, { email }: { email: string }): PageContent {
  const { reset } = flowWords(look.language)
  const body = markup`<h1>${reset.sentTitle}</h1><p class="lead">${reset.sent(strong(email))}</p>`
  return { title: reset.sentTitle, body }
}

export interface NewPasswordOptions {
  action: string
  ticket: string
  email: string
  problem?: PasswordProblem | undefined
}

/** Asks for a new password. Its form needs `formAction: ["'self'"]`. */
export function newPasswordPage(look: Look, options: NewPasswordOptions): PageContent {
  const { reset } = flowWords(look.language)
  return {
    title: reset.newTitle,
    body: markup`<h1>${reset.newTitle}</h1>
<p class="lead">${reset.newLead(strong(options.email))}</p>
${newPasswordForm(look, reset.save, options)}
<p class="note">${reset.others}</p>`,
  }
}

/** The form for a new password, with the address beside it for password managers. */
export function newPasswordForm(look: Look, label: string, options: NewPasswordOptions): Markup {
  const { reset, common, problem: problems } = flowWords(look.language)
  const { action, ticket, email, problem } = options
  const texts = { too_short: problems.tooShort, too_long: problems.tooLong, common: problems.common }
  const password = field(look, {
    name: 'password',
    label: common.newPassword,
    type: 'password',
    autocomplete: 'new-password',
    maxLength: LONGEST_INPUT,
    hint: reset.hint,
    problem: problem && texts[problem],
  })
  const save = submit({ label, emphasis: 'primary' })
  const body = markup`${keptAddress('username', email)}${password}${actions([save])}`
  return form({ action, carries: [['ticket', ticket]], body })
}
