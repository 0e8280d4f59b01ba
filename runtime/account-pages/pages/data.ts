import {
  actions,
  crossList,
  field,
  form,
  linkButton,
  type Look,
  markup,
  notice,
  type PageContent,
  plain,
  section,
  submit,
} from '../../pages/index.ts'
import { paths } from '../paths.ts'
import { accountWords } from '../words/index.ts'
import { stepPage, tabPage } from './frame.ts'

/** The field in which somebody types what confirms that their account is to be deleted. */
export const PHRASE_FIELD = 'phrase'

/** What somebody can do with all that is kept of them. Its form needs `formAction: ["'self'"]`. */
export function dataPage(look: Look, { person }: { person: string }): PageContent {
  const { data } = accountWords(look.language)
  const download = actions([submit({ label: data.export, emphasis: 'compact' })])
  const remove = markup`<a class="button compact danger" href="${paths.delete}">${data.delete}</a>`
  const body = markup`${section(
    data.exportHeading,
    markup`<p class="lead">${data.exportLead}</p>${form({ action: paths.export, body: download })}`,
  )}
${section(data.deleteHeading, markup`<p class="lead">${data.deleteLead}</p><div class="actions">${remove}</div>`, 'risky')}`
  return tabPage(look, { tab: 'data', person, lead: data.lead, body })
}

export interface DeleteOptions {
  /** What has to be typed. */
  phrase: string
  /** Whether the stack file has the account, and makes it again. */
  isOfStack: boolean
  problem?: 'mismatch' | undefined
}

/** Says what becomes of an account that is deleted, and asks for more than a click. Its form needs `formAction: ["'self'"]`. */
export function deletePage(look: Look, { phrase, isOfStack, problem }: DeleteOptions): PageContent {
  const { data, common } = accountWords(look.language)
  const typed = field(look, {
    name: PHRASE_FIELD,
    label: data.typeToConfirm(phrase),
    type: 'text',
    autocomplete: 'off',
    problem: problem && data[problem],
  })
  const buttons = actions([
    submit({ label: data.confirm, emphasis: 'primary danger' }),
    linkButton({ href: paths.data, label: common.back }),
  ])
  const body = markup`${crossList(data.consequences.map((text) => markup`${text}`))}
${isOfStack ? notice(data.fromStack) : undefined}
${form({ action: paths.delete, body: markup`${typed}${buttons}` })}`
  return stepPage(look, { title: data.deleteTitle, body })
}

/** The last page of an account. */
export function deletedPage(look: Look): PageContent {
  const { data } = accountWords(look.language)
  const body = markup`<p class="lead">${data.deleted(plain(look.brandName))}</p>`
  return stepPage(look, { title: data.deletedTitle, body })
}
