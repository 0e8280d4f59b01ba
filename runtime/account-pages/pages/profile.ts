import { LANGUAGE_NAMES, LANGUAGES } from '../../languages/index.ts'
import {
  actions,
  avatar,
  type Column,
  field,
  form,
  hidden,
  type Look,
  markup,
  type Markup,
  type PageContent,
  plain,
  section,
  select,
  submit,
  table,
} from '../../pages/index.ts'
import type { Profile } from '../../store/index.ts'
import { paths } from '../paths.ts'
import { accountWords, type AccountWords, type OwnField } from '../words/index.ts'
import { tabPage } from './frame.ts'

/** Fields that people change, in their order; how browsers fill them in, and how long they may be. */
export const FIELDS = [
  { name: 'name', type: 'text', autocomplete: 'name', maxLength: 256 },
  { name: 'username', type: 'text', autocomplete: 'username', maxLength: 256 },
  { name: 'website', type: 'url', autocomplete: 'url', maxLength: 2_048 },
  { name: 'company', type: 'text', autocomplete: 'organization', maxLength: 256 },
  { name: 'location', type: 'text', autocomplete: 'address-level2', maxLength: 256 },
] as const satisfies readonly { name: OwnField; type: string; autocomplete: string; maxLength: number }[]

/** In front of a field's name: what it was when the form was shown. */
export const WAS = 'was.'

export interface ProfileOptions {
  person: string
  email: string
  profile: Profile
  /** What somebody wrote that was not taken. */
  typed?: Profile | undefined
  /** Fields that no sign-in changes, and that one could. */
  ownFields: readonly OwnField[]
  language: string
  done?: string | undefined
  websiteProblem?: boolean
}

/** What is known of the person. Its forms need `formAction: ["'self'"]`. */
export function profilePage(look: Look, options: ProfileOptions): PageContent {
  const words = accountWords(look.language)
  const { person, done } = options
  const body = markup`${header(words, options)}${fieldsForm(look, words, options)}${ownPart(words, options)}`
  return tabPage(look, { tab: 'profile', person, lead: words.profile.lead, done, body })
}

function header({ profile: words }: AccountWords, { person, email }: ProfileOptions): Markup {
  const address = email === '' ? markup`${words.noEmail}` : plain(email)
  return markup`<div class="section person">${avatar(person)}<div><p><strong>${plain(person)}</strong></p>
<p><span class="unseen">${words.email}: </span>${address}</p><p class="hint">${words.emailNote}</p></div></div>`
}

function fieldsForm(look: Look, words: AccountWords, options: ProfileOptions): Markup {
  const { profile, typed = profile, language, websiteProblem } = options
  const fields = FIELDS.map(({ name, ...about }) =>
    field(look, {
      ...about,
      name,
      label: words.profile.fields[name],
      required: false,
      value: typed[name] ?? '',
      ...(name === 'website' ? { hint: words.profile.websiteHint } : {}),
      ...(name === 'website' && websiteProblem ? { problem: words.profile.websiteProblem } : {}),
    }),
  )
  const mails = select({
    name: 'language',
    label: words.profile.language,
    hint: words.profile.languageHint,
    choices: LANGUAGES.map((tag) => ({ value: tag, label: LANGUAGE_NAMES[tag] })),
    value: language,
  })
  const carries = FIELDS.map(({ name }) => [`${WAS}${name}`, profile[name] ?? ''] as const)
  const save = actions([submit({ label: words.common.save, emphasis: 'primary' })])
  return form({ action: paths.saveProfile, carries, body: markup`${fields}${mails}${save}` })
}

function ownPart({ profile: words, common }: AccountWords, { ownFields, profile }: ProfileOptions): Markup | undefined {
  if (ownFields.length === 0) return undefined
  const columns: Column[] = [{ label: words.field }, { label: words.now }, { label: common.ways, kind: 'actions' }]
  const rows = ownFields.map((name) => [
    markup`${words.fields[name]}`,
    profile[name] === undefined ? markup`${words.empty}` : plain(profile[name]),
    form({
      action: paths.resetField,
      body: markup`${hidden([['field', name]])}${submit({ label: words.reset, emphasis: 'compact' })}`,
    }),
  ])
  const list = table({ caption: words.ownCaption, columns, rows, empty: words.empty })
  return section(words.own, markup`<p class="lead">${words.ownLead}</p>${list}`)
}
