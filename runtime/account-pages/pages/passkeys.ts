import { PASSKEY_SCRIPT, type PasskeyForm, passkeyForm } from '../../pages/flows/index.ts'
import {
  actions,
  confirmForm,
  field,
  form,
  linkButton,
  type Look,
  markup,
  notice,
  type PageContent,
  strong,
  submit,
} from '../../pages/index.ts'
import type { Handle } from '../handle.ts'
import { paths } from '../paths.ts'
import { accountWords } from '../words/index.ts'
import { stepPage } from './frame.ts'

export type PasskeyProblem = 'failed' | 'inUse' | 'tooMany'

/** As many characters as a passkey's name may have. */
export const LONGEST_NAME = 64

/** Has the browser make a passkey. Its form needs `formAction: ["'self'"]`. */
export function newPasskeyPage(
  look: Look,
  { passkey, problem }: { passkey: PasskeyForm; problem?: PasskeyProblem | undefined },
): PageContent {
  const { passkeys } = accountWords(look.language)
  const body = markup`<p class="lead">${passkeys.lead}</p>
<p class="lead">${passkeys.addLead}</p>
${problem && notice(passkeys[problem], 'alert')}
${passkeyForm(look, passkey, { label: passkeys.create, emphasis: 'primary' })}`
  return stepPage(look, { title: passkeys.addTitle, body, backHref: paths.security, script: PASSKEY_SCRIPT })
}

/** Asks how a passkey is to be called. Its form needs `formAction: ["'self'"]`. */
export function renamePasskeyPage(look: Look, { handle, name }: { handle: Handle; name: string }): PageContent {
  const { passkeys, common } = accountWords(look.language)
  const asked = field(look, {
    name: 'name',
    label: passkeys.name,
    type: 'text',
    autocomplete: 'off',
    value: name,
    maxLength: LONGEST_NAME,
    autofocus: true,
  })
  const buttons = actions([
    submit({ label: common.save, emphasis: 'primary' }),
    linkButton({ href: paths.security, label: common.back }),
  ])
  const body = form({ action: paths.passkey(handle), body: markup`${asked}${buttons}` })
  return stepPage(look, { title: passkeys.renameTitle, body })
}

/** Asks before a passkey is removed. Its form needs `formAction: ["'self'"]`. */
export function removePasskeyPage(look: Look, { handle, name }: { handle: Handle; name: string }): PageContent {
  const { passkeys } = accountWords(look.language)
  const body = confirmForm(look, {
    action: paths.removePasskey(handle),
    question: passkeys.removeQuestion(strong(name)),
    confirm: passkeys.remove,
    cancelHref: paths.security,
    risk: 'danger',
  })
  return stepPage(look, { title: passkeys.removeTitle, body })
}
