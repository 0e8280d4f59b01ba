import { profileText } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { Account, Profile } from '../store/index.ts'

type Field = keyof Profile

/**
 * A profile after a sign-in: what the provider says takes the place of what was there, but for what the person changed. What it does
 * not say any more goes where nobody else could have said it.
 * @param isOnlySource whether the account has this identity alone, and began with it
 */
export function followProfile(
  { profile, ownFields }: Pick<Account, 'profile' | 'ownFields'>,
  said: Profile,
  isOnlySource: boolean,
): Profile {
  if (!isOnlySource) return { ...profile, ...without(said, ownFields) }
  return { ...without(said, ownFields), ...only(profile, ownFields) }
}

/**
 * A profile after its owner changed it.
 * @param changes an empty text takes a field away
 * @returns nothing where nothing is another than before
 * @throws Refusal `request_malformed` for what cannot stand in a field
 */
export function changeProfile(
  { profile, ownFields }: Pick<Account, 'profile' | 'ownFields'>,
  changes: Profile,
): Pick<Account, 'profile' | 'ownFields'> | undefined {
  const next = { ...profile }
  const own = new Set(ownFields)
  for (const [name, value] of Object.entries(changes)) {
    const field = name as Field
    const text = value.trim() === '' ? undefined : profileText(field, value)
    if (text === undefined && value.trim() !== '') {
      throw new Refusal('request_malformed', `${field} cannot be what was given`)
    }
    if (text === profile[field]) continue
    if (text === undefined) delete next[field]
    else next[field] = text
    own.add(field)
  }
  return own.size === ownFields.length && isSame(next, profile) ? undefined : { profile: next, ownFields: [...own] }
}

/** What somebody is called where one line has to do: the name, else the user name, else the address. */
export function displayName({ profile, email }: Pick<Account, 'profile' | 'email'>): string {
  return profile.name ?? profile.username ?? email
}

function isSame(one: Profile, other: Profile): boolean {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<Field>
  return [...fields].every((field) => one[field] === other[field])
}

function without(profile: Profile, fields: readonly Field[]): Profile {
  return Object.fromEntries(Object.entries(profile).filter(([field]) => !fields.includes(field as Field)))
}

function only(profile: Profile, fields: readonly Field[]): Profile {
  return Object.fromEntries(Object.entries(profile).filter(([field]) => fields.includes(field as Field)))
}
