import type { PageContent } from '../layout.ts'
import type { Look } from '../look.ts'
import { markup } from '../markup.ts'
import { actions, facts, form, notice, plain, strong, submit } from '../parts/index.ts'
import { flowWords } from './words/index.ts'

/** The field by which somebody answers, and what they can say. */
export const CONFIRM_ADDRESS = { field: 'decision', yes: 'confirm', no: 'refuse' } as const

export interface ConfirmAddressOptions {
  email: string
  provider: string
  /** As the provider says it; empty where it says none. */
  name: string
  action: string
  ticket: string
}

/**
 * What the link in a mail opens: nothing is done before the button is pressed, since programs open links too. Whoever is
 * fooled into it would give a stranger their address, so it says who asks. Its form needs `formAction: ["'self'"]`.
 */
export function confirmAddressPage(look: Look, options: ConfirmAddressOptions): PageContent {
  const { confirm } = flowWords(look.language)
  const { email, provider, name, action, ticket } = options
  const { field, yes, no } = CONFIRM_ADDRESS
  const answers = [
    submit({ label: confirm.yes, emphasis: 'primary', says: { name: field, value: yes } }),
    submit({ label: confirm.no, says: { name: field, value: no } }),
  ]
  return {
    title: confirm.title,
    body: markup`<h1>${confirm.title}</h1>
<p class="lead">${confirm.lead(strong(email), plain(provider))}</p>
${name === '' ? undefined : facts([[confirm.name, plain(name)]])}
${notice(confirm.warning, 'warn')}
${form({ action, carries: [['ticket', ticket]], body: actions(answers) })}`,
  }
}

/** Says what became of it, to whoever opened the link elsewhere, or has refused. */
export function addressConfirmedPage(look: Look, outcome: 'confirmed' | 'refused'): PageContent {
  const { confirm } = flowWords(look.language)
  const [title, text] =
    outcome === 'confirmed' ? [confirm.doneTitle, confirm.done] : [confirm.refusedTitle, confirm.refused]
  return { title, body: markup`<h1>${title}</h1><p class="lead">${text}</p>` }
}
