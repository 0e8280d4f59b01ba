import { type Phrase, say } from './phrase.ts'
import { changedFields, field, type PlainMap } from './plain.ts'

/** Which directory it is that signs people in: a change makes another provider of it, with another client. */
export const IDENTITY: readonly string[] = [
  'kind',
  'issuer',
  'domain',
  'tenantId',
  'authority',
  'environmentId',
  'url',
  'basePath',
  'realm',
]

/** Settings whose change lets nobody in and keeps nobody out. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'name',
  'description',
  'logo',
  'buttonText',
  'authMethod',
  'clientSecrets',
  'clientSecretMaxAgeDays',
  'removal',
  'credentials',
  'directory',
  'responseMode',
])

/** Settings that the rules about providers judge, each by a rule of its own. */
export const JUDGED: ReadonlySet<string> = new Set([
  ...IDENTITY,
  'allowedGroups',
  'allowedDomains',
  'emailTrust',
  'enabled',
  'provisioning',
  'linking',
  'attributes',
  'scopes',
  'groupsClaim',
  'people',
  'tenants',
  'session',
  'claims',
  'backChannelLogout',
  'client',
  'import',
])

/** @returns the settings by which it is another directory that signs people in: none where it is the same */
export function changedIdentity(before: PlainMap, after: PlainMap): string[] {
  const changed = changedFields(before, after)
  return IDENTITY.filter((name) => changed.includes(name))
}

/** @returns the settings for which the provider's client has to be made anew: none where it stays */
export function forcesReplacement(before: PlainMap, after: PlainMap): string[] {
  const isBrought = (provider: PlainMap): boolean => field(provider, 'client') !== undefined
  const identity = changedIdentity(before, after)
  return isBrought(before) === isBrought(after) ? identity : [...identity, 'client']
}

/** @returns what the provider is and where, for example `okta` (`acme.okta.com`) */
export function directoryOf(provider: PlainMap): Phrase {
  const [kind = '', ...place] = IDENTITY.map((name) => textOf(provider, name)).filter((value) => value !== undefined)
  return place.length > 0 ? say`${kind} (${place})` : say`${kind}`
}

/** @returns a setting that is a text, and nothing where it is none */
export function textOf(provider: PlainMap, name: string): string | undefined {
  const value = field(provider, name)
  return typeof value === 'string' ? value : undefined
}
