import type { PageContent } from '../layout.ts'
import type { Look } from '../look.ts'
import { address, markup } from '../markup.ts'
import { divider, notice, plain, strong } from '../parts/index.ts'
import { PASSKEY_SCRIPT, type PasskeyForm, passkeyForm } from './passkey-form.ts'
import { newPasswordForm, type PasswordProblem } from './reset-password.ts'
import { type OfferedProvider, providerButtons } from './sign-in.ts'
import { flowWords } from './words/index.ts'

export interface InvitationOptions {
  email: string
  ticket: string
  passwordAction?: string | undefined
  passkey?: PasskeyForm | undefined
  providers: readonly OfferedProvider[]
  problem?: PasswordProblem | 'passkey' | undefined
}

/** Lets somebody who was invited choose how to sign in. Its forms need `formAction: ["'self'"]`. */
export function invitationPage(look: Look, options: InvitationOptions): PageContent {
  const words = flowWords(look.language)
  const { email, ticket, passwordAction: action, passkey, providers, problem } = options
  const passwordProblem = problem === 'passkey' ? undefined : problem
  const password =
    action === undefined
      ? undefined
      : newPasswordForm(look, words.invitation.setPassword, { action, ticket, email, problem: passwordProblem })
  const hasOwn = password !== undefined || passkey !== undefined
  return {
    title: words.invitation.plainTitle,
    body: markup`<h1>${words.invitation.title(plain(look.brandName))}</h1>
<p class="lead">${words.invitation.lead(strong(email))}</p>
${problem === 'passkey' ? notice(words.problem.passkey, 'alert') : undefined}
${password}
${password && passkey ? divider(words.common.or) : undefined}
${passkey && passkeyForm(look, passkey, { label: words.invitation.setPasskey, carries: [['ticket', ticket]] })}
${hasOwn && providers.length > 0 ? divider(words.common.orContinueWith) : undefined}
${providerButtons(words, providers, hasOwn ? 'equal' : 'first')}
${hasOwn || providers.length > 0 ? undefined : notice(words.signIn.none)}`,
    ...(passkey ? { script: PASSKEY_SCRIPT } : {}),
  }
}

export interface AlsoPasskeyOptions {
  passkey: PasskeyForm
  ticket: string
  laterHref: string
  problem?: 'passkey' | undefined
}

/** Asks for a passkey beside the password that was just set. */
export function alsoPasskeyPage(look: Look, { passkey, ticket, laterHref, problem }: AlsoPasskeyOptions): PageContent {
  const { invitation, problem: problems } = flowWords(look.language)
  const button = { label: invitation.setPasskey, emphasis: 'primary', carries: [['ticket', ticket]] } as const
  return {
    title: invitation.alsoPasskey,
    body: markup`<h1>${invitation.alsoPasskey}</h1>
<p class="lead">${invitation.alsoPasskeyLead}</p>
${problem && notice(problems[problem], 'alert')}
${passkeyForm(look, passkey, button)}
<p class="note"><a href="${address(laterHref)}">${invitation.later}</a></p>`,
    script: PASSKEY_SCRIPT,
  }
}
