import type { PageContent } from '../layout.ts'
import type { Look } from '../look.ts'
import { markup } from '../markup.ts'
import { actions, field, form, notice, submit } from '../parts/index.ts'
import { PASSKEY_SCRIPT, type PasskeyForm, passkeyForm } from './passkey-form.ts'
import { LONGEST_INPUT } from './sign-in.ts'
import { flowWords } from './words/index.ts'

export interface BreakGlassOptions {
  action: string
  email?: string | undefined
  problem?: 'credentials' | 'passkey' | undefined
}

/** The first half of an emergency sign-in. Its form needs `formAction: ["'self'"]`. */
export function breakGlassPage(look: Look, { action, email, problem }: BreakGlassOptions): PageContent {
  const { breakGlass, common, problem: problems } = flowWords(look.language)
  const fields = [
    field(look, {
      name: 'email',
      label: common.email,
      type: 'email',
      autocomplete: 'username',
      value: email,
      autofocus: true,
    }),
    field(look, {
      name: 'password',
      label: common.password,
      type: 'password',
      autocomplete: 'current-password',
      maxLength: LONGEST_INPUT,
    }),
    actions([submit({ label: breakGlass.next, emphasis: 'primary' })]),
  ]
  return {
    title: breakGlass.title,
    body: markup`<h1>${breakGlass.title}</h1>
<p class="lead">${breakGlass.lead}</p>
${problem && notice(problems[problem], 'alert')}
${form({ action, body: markup`${fields}` })}`,
  }
}

/** The second half. Its form needs `formAction: ["'self'"]`. */
export function breakGlassPasskeyPage(look: Look, { passkey }: { passkey: PasskeyForm }): PageContent {
  const { breakGlass, common } = flowWords(look.language)
  return {
    title: breakGlass.passkeyTitle,
    body: markup`<h1>${breakGlass.passkeyTitle}</h1>
<p class="lead">${breakGlass.passkeyLead}</p>
${passkeyForm(look, passkey, { label: common.usePasskey, emphasis: 'primary' })}`,
    script: PASSKEY_SCRIPT,
  }
}
