import { profileText } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { Profile } from '../store/index.ts'
import { resetField } from './own-changes.ts'
import { doneText } from './pages/frame.ts'
import { FIELDS, type ProfileOptions, profilePage, WAS } from './pages/profile.ts'
import { paths } from './paths.ts'
import { goBack, NOT_TAKEN, show } from './show.ts'
import type { Visit } from './visit.ts'
import { accountWords } from './words/index.ts'

/** What is known of the person. */
export function showProfile(visit: Visit): Response {
  const { look, request } = visit
  const done = doneText(accountWords(look.language), new URL(request.url).searchParams.get('done'))
  return show(visit, profilePage(look, { ...optionsOf(visit), done }))
}

/**
 * Keeps what somebody changed; what they left as the form showed it goes on following their sign-ins, even where one changed it
 * meanwhile.
 */
export async function saveProfile(visit: Visit, form: URLSearchParams): Promise<Response> {
  const { context, brand, who, actor, look } = visit
  const typed = readChanges(form)
  const website = typed.website?.trim() ?? ''
  if (website !== '' && profileText('website', website) === undefined) {
    const problem = { typed: { ...who.account.profile, ...typed }, websiteProblem: true }
    return show(visit, profilePage(look, { ...optionsOf(visit), ...problem }), { status: NOT_TAKEN })
  }
  await context.accounts.changeProfile(brand.id, who.account.id, typed, actor)
  await context.accounts.setLanguage(brand.id, who.account.id, form.get('language') ?? '')
  return goBack(paths.profile, 'saved')
}

/** Gives a field back, so that sign-ins fill it again. @throws Refusal `request_malformed` */
export async function resetProfile(visit: Visit, form: URLSearchParams): Promise<Response> {
  const field = FIELDS.find(({ name }) => name === form.get('field'))
  if (!field) throw new Refusal('request_malformed', 'there is no such field to give back')
  await resetField(visit, field.name)
  return goBack(paths.profile, 'reset')
}

/** What somebody is called at the top of a page. */
export function personOf({ who, look }: Visit): string {
  const { profile, email } = who.account
  return profile.name ?? (email || profile.username || accountWords(look.language).account)
}

function readChanges(form: URLSearchParams): Profile {
  const changed = FIELDS.flatMap(({ name }) => {
    const value = form.get(name)
    return value === null || value === form.get(`${WAS}${name}`) ? [] : [[name, value] as const]
  })
  return Object.fromEntries(changed)
}

function optionsOf(visit: Visit): ProfileOptions {
  const { who, look } = visit
  const { email, profile, ownFields, language } = who.account
  const isFilled = who.identities.length > 0
  return {
    person: personOf(visit),
    email,
    profile,
    ownFields: isFilled ? FIELDS.map(({ name }) => name).filter((name) => ownFields.includes(name)) : [],
    language: language || look.language,
  }
}
