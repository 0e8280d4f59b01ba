import type { PageContent } from '../layout.ts'
import type { Look } from '../look.ts'
import { markup, type Markup } from '../markup.ts'
import { actions, facts, field, form, linkButton, notice, plain, strong, submit } from '../parts/index.ts'
import { PASSKEY_SCRIPT, type PasskeyForm, passkeyForm } from './passkey-form.ts'
import { keptAddress, LONGEST_INPUT, type OfferedProvider, providerButtons } from './sign-in.ts'
import { flowWords } from './words/index.ts'

/** The field by which somebody decides, and what they can say. */
export const JOIN = { field: 'decision', join: 'join', cancel: 'cancel' } as const

/** The two that are to be joined. */
export interface JoinedAccounts {
  /** Address or name at the provider that has just signed the person in. */
  signedInAs: string
  provider: string
  email: string
  /** Of the existing account; empty where it has none. */
  name: string
}

export interface ProveAccountOptions extends JoinedAccounts {
  /** The ways by which somebody can sign in to the existing account now. */
  providers: readonly OfferedProvider[]
  passwordAction?: string | undefined
  passkey?: PasskeyForm | undefined
  problem?: 'credentials' | 'passkey' | undefined
  cancelAction: string
}

/** Names both accounts and asks for a credential of the existing one. Its forms need `formAction: ["'self'"]`. */
export function proveAccountPage(look: Look, options: ProveAccountOptions): PageContent {
  const words = flowWords(look.language)
  const { providers, passwordAction, passkey, problem, cancelAction } = options
  const isOpen = providers.length > 0 || passwordAction !== undefined || passkey !== undefined
  return {
    title: words.join.title,
    body: markup`<h1>${words.join.title}</h1>
<p class="lead">${words.join.lead(strong(options.email))}</p>
${both(look, options)}
${problem && notice(words.problem[problem], 'alert')}
${isOpen ? markup`<p>${words.join.prove}</p>` : notice(words.join.noWay, 'warn')}
${passwordAction === undefined ? undefined : passwordForm(look, passwordAction, options.email)}
${passkey && passkeyForm(look, passkey, { label: words.common.usePasskey })}
${providerButtons(words, providers, 'equal')}
${form({ action: cancelAction, body: actions([cancelButton(words.common.cancel)]) })}`,
    ...(passkey ? { script: PASSKEY_SCRIPT } : {}),
  }
}

/** Asks, once the account is shown to be theirs, whether to join the two. Its form needs `formAction: ["'self'"]`. */
export function joinAccountsPage(look: Look, options: JoinedAccounts & { action: string }): PageContent {
  const words = flowWords(look.language)
  const join = submit({ label: words.join.join, emphasis: 'primary', says: { name: JOIN.field, value: JOIN.join } })
  return {
    title: words.join.proven,
    body: markup`<h1>${words.join.proven}</h1>
<p class="lead">${words.join.decide(strong(options.provider))}</p>
${both(look, options)}
${form({ action: options.action, body: actions([join, cancelButton(words.common.cancel)]) })}`,
  }
}

/** Says that nothing was joined. */
export function joinCancelledPage(look: Look, { signInHref }: { signInHref: string }): PageContent {
  const words = flowWords(look.language)
  return {
    title: words.join.cancelledTitle,
    body: markup`<h1>${words.join.cancelledTitle}</h1><p class="lead">${words.join.cancelled}</p>
${actions([linkButton({ href: signInHref, label: words.common.signIn, emphasis: 'primary' })])}`,
  }
}

function passwordForm(look: Look, action: string, email: string): Markup {
  const { common } = flowWords(look.language)
  const password = field(look, {
    name: 'password',
    label: common.password,
    type: 'password',
    autocomplete: 'current-password',
    maxLength: LONGEST_INPUT,
  })
  const go = submit({ label: common.signIn, emphasis: 'primary' })
  return form({ action, body: markup`${keptAddress('username', email)}${password}${actions([go])}` })
}

function both(look: Look, { signedInAs, provider, email, name }: JoinedAccounts): Markup {
  const { join } = flowWords(look.language)
  const account = name === '' || name === email ? plain(email) : markup`${plain(name)}<small>${plain(email)}</small>`
  return facts([
    [join.newSignIn, join.at(plain(signedInAs), plain(provider))],
    [join.existing, account],
  ])
}

function cancelButton(label: string): Markup {
  return submit({ label, says: { name: JOIN.field, value: JOIN.cancel } })
}
