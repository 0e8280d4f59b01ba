import type { PageContent } from '../layout.ts'
import type { Look } from '../look.ts'
import { address, markup, type Markup } from '../markup.ts'
import { actions, divider, field, form as postForm, linkButton, notice, strong, submit } from '../parts/index.ts'
import { PASSKEY_SCRIPT, type PasskeyForm, passkeyForm } from './passkey-form.ts'
import { flowWords } from './words/index.ts'
import type { FlowWords } from './words/words.ts'

/** A provider that is offered; its `href` starts a sign-in there. */
export interface OfferedProvider {
  buttonText: string
  href: string
  logoHref?: string | undefined
  isLastUsed?: boolean | undefined
}

export type SignInNotice = 'session_ended' | 'other_account' | 'confirm_it_is_you' | 'password_set'
export type SignInProblem = 'credentials' | 'email' | 'passkey'

/** What is asked for: the address alone, address and password, or, of an address that was given, the password. */
export type SignInForm =
  | { ask: 'address'; action: string; email?: string | undefined }
  | { ask: 'address_and_password'; action: string; email?: string | undefined; forgottenHref?: string | undefined }
  | { ask: 'password'; action: string; email: string; forgottenHref?: string | undefined }

export interface SignInFlowOptions {
  /** Host that the person wants to reach. */
  destination?: string | undefined
  /** In the order in which they are offered. */
  providers: readonly OfferedProvider[]
  /** Left out where the gateway asks for nothing itself. */
  form?: SignInForm | undefined
  /** An address that was given, and where to give another. */
  given?: { email: string; otherHref: string } | undefined
  passkey?: PasskeyForm | undefined
  /** Why the person is here again. */
  notice?: SignInNotice | undefined
  problem?: SignInProblem | undefined
}

/**
 * Where people sign in. Its forms need `formAction: ["'self'"]`; providers are links.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function signInFlowPage(look: Look, options: SignInFlowOptions): PageContent {
  const { destination, providers, form, given, passkey, problem } = options
  const words = flowWords(look.language)
  const hasOwn = form !== undefined || passkey !== undefined
  return {
    title: words.signIn.title,
    body: markup`<h1>${words.signIn.title}</h1>
${destination === undefined ? undefined : markup`<p class="lead">${words.signIn.toContinue(strong(destination))}</p>`}
${given && markup`<p class="lead">${words.signIn.as(strong(given.email))}</p>`}
${options.notice && notice(noticeText(words, options.notice))}
${problem && problem !== 'email' ? notice(words.problem[problem], 'alert') : undefined}
${form && formPart(look, form, { passkey, problem })}
${given && markup`<p class="note"><a href="${address(given.otherHref)}">${words.signIn.otherAddress}</a></p>`}
${passkey && passkeyForm(look, passkey, { label: words.common.usePasskey })}
${hasOwn && providers.length > 0 ? divider(words.common.orContinueWith) : undefined}
${providerButtons(words, providers, hasOwn ? 'equal' : 'first')}
${hasOwn || providers.length > 0 ? undefined : notice(words.signIn.none)}`,
    ...(passkey ? { script: PASSKEY_SCRIPT } : {}),
  }
}

function formPart(
  look: Look,
  form: SignInForm,
  { passkey, problem }: Pick<SignInFlowOptions, 'passkey' | 'problem'>,
): Markup {
  const words = flowWords(look.language)
  const { action } = form
  const asksAddress = form.ask !== 'password'
  const email = asksAddress
    ? field(look, {
        name: 'email',
        label: words.common.email,
        type: 'email',
        // `webauthn` lets the browser offer passkeys right in the field.
        autocomplete: passkey ? 'username webauthn' : 'username',
        value: form.email,
        problem: problem === 'email' ? words.problem.email : undefined,
        autofocus: true,
      })
    : keptAddress('email', form.email)
  if (form.ask === 'address') {
    const go = submit({ label: words.common.continue, emphasis: 'primary' })
    return postForm({ action, body: markup`${email}${actions([go])}` })
  }
  const password = field(look, {
    name: 'password',
    label: words.common.password,
    type: 'password',
    autocomplete: 'current-password',
    maxLength: LONGEST_INPUT,
    autofocus: !asksAddress,
  })
  const { forgottenHref } = form
  const forgotten =
    forgottenHref === undefined
      ? undefined
      : markup`<p class="note"><a href="${address(forgottenHref)}">${words.signIn.forgotten}</a></p>`
  const go = submit({ label: words.common.signIn, emphasis: 'primary' })
  return markup`${postForm({ action, body: markup`${email}${password}${actions([go])}` })}${forgotten}`
}

/** More than a password may have: what is too long is told, and not cut. */
export const LONGEST_INPUT = 1_024

/** An address that is not asked for again, where password managers look for it (HTML Living Standard §4.10.18.7). */
export function keptAddress(name: string, email: string): Markup {
  return markup`<input type="email" name="${name}" value="${email}" autocomplete="username" hidden readonly>`
}

/** @param rank `first` where providers are the only way in: a single one is then the obvious step */
export function providerButtons(
  { signIn }: Pick<FlowWords, 'signIn'>,
  providers: readonly OfferedProvider[],
  rank: 'first' | 'equal',
): Markup | undefined {
  if (providers.length === 0) return undefined
  const emphasis = providers.length === 1 && rank === 'first' ? 'primary' : undefined
  const items = providers.map(({ buttonText, href, logoHref, isLastUsed }) => {
    const mark = isLastUsed ? markup`<p class="hint">${signIn.lastUsed}</p>` : undefined
    return markup`<li>${linkButton({ href, label: buttonText, emphasis, logoHref })}${mark}</li>`
  })
  return markup`<ul class="actions">${items}</ul>`
}

function noticeText({ signIn }: FlowWords, kind: SignInNotice): string {
  const texts: Record<SignInNotice, string> = {
    session_ended: signIn.sessionEnded,
    other_account: signIn.otherAccount,
    confirm_it_is_you: signIn.confirmItIsYou,
    password_set: signIn.passwordSet,
  }
  return texts[kind]
}
