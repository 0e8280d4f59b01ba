import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../../accounts/index.ts'
import {
  actions,
  address,
  confirmForm,
  field,
  form,
  linkButton,
  type Look,
  markup,
  type PageContent,
  submit,
} from '../../pages/index.ts'
import { paths } from '../paths.ts'
import { accountWords, type AccountWords } from '../words/index.ts'
import { stepPage } from './frame.ts'

export type PasswordProblem = 'wrong' | 'too_short' | 'too_long' | 'common'

export interface PasswordOptions {
  email: string
  /** Whether there is one already, which is asked for. */
  kind: 'set' | 'change'
  problem?: PasswordProblem | undefined
  /** Whether somebody who does not know it can be helped. */
  canReset: boolean
}

/** More than a password may have: what is too long is told, and not cut. */
const LONGEST_INPUT = 1_024

/** Asks for a new password. Its form needs `formAction: ["'self'"]`. */
export function passwordPage(look: Look, { email, kind, problem, canReset }: PasswordOptions): PageContent {
  const words = accountWords(look.language)
  const { password } = words
  const title = kind === 'set' ? password.setTitle : password.changeTitle
  const present =
    kind === 'change'
      ? field(look, {
          name: 'present',
          label: password.present,
          type: 'password',
          autocomplete: 'current-password',
          maxLength: LONGEST_INPUT,
          problem: problem === 'wrong' ? password.wrong : undefined,
          autofocus: true,
        })
      : undefined
  const next = field(look, {
    name: 'next',
    label: password.next,
    type: 'password',
    autocomplete: 'new-password',
    maxLength: LONGEST_INPUT,
    hint: password.hint(SHORTEST_PASSWORD),
    problem: problem && problem !== 'wrong' ? problemText(words, problem) : undefined,
  })
  const buttons = actions([
    submit({ label: kind === 'set' ? password.setButton : password.changeButton, emphasis: 'primary' }),
    linkButton({ href: paths.security, label: words.common.back }),
  ])
  // Where password managers look for whose it is (HTML Living Standard §4.10.18.7).
  const whose = markup`<input type="email" name="username" value="${email}" autocomplete="username" hidden readonly>`
  const reset =
    kind === 'change' && canReset
      ? markup`<p class="note"><a href="${address(paths.resetPassword)}">${password.forgotten}</a></p>`
      : undefined
  const body = form({ action: paths.password, body: markup`${whose}${present}${next}${buttons}` })
  return stepPage(look, { title, body: markup`<p class="lead">${password.others}</p>${body}${reset}` })
}

/** Asks before the password is removed. Its form needs `formAction: ["'self'"]`. */
export function removePasswordPage(look: Look): PageContent {
  const { password } = accountWords(look.language)
  const body = confirmForm(look, {
    action: paths.removePassword,
    question: password.removeQuestion,
    confirm: password.removeButton,
    cancelHref: paths.security,
    risk: 'danger',
  })
  return stepPage(look, { title: password.removeTitle, body })
}

function problemText({ password }: AccountWords, problem: Exclude<PasswordProblem, 'wrong'>): string {
  switch (problem) {
    case 'too_short':
      return password.tooShort(SHORTEST_PASSWORD)
    case 'too_long':
      return password.tooLong(LONGEST_PASSWORD)
    case 'common':
      return password.common
  }
}
