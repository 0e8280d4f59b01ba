import type { IdentityProviderConfig, ProfileField } from '../config.ts'
import type { Profile } from '../store/index.ts'

/** Of a name, a company…; a longer one is cut. */
const MAX_TEXT = 256
/** Of an address of a picture or website; a longer one is left out, since cut short it would be another one. */
const MAX_URL = 2_048
/** Claims inside claims are looked for so far down. */
const MAX_DEPTH = 8

const FIELDS = ['username', 'name', 'picture', 'website', 'company', 'location'] as const satisfies (keyof Profile)[]
const URLS: ReadonlySet<ProfileField> = new Set(['picture', 'website'])

/**
 * A claim by its name, or by the path to it: `address.locality` is the claim of that very name where there is one, and else
 * `locality` inside `address` (OpenID Connect Core §5.1.1). Only what the provider wrote counts, never what objects inherit.
 * @returns anything; undefined where there is none
 */
export function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  const steps = path.split('.')
  if (steps.length < 2 || steps.length > MAX_DEPTH) return undefined
  let found: unknown = claims
  for (const step of steps) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, step)) {
      return undefined
    }
    found = (found as Record<string, unknown>)[step]
  }
  return found
}

/**
 * The profile that a provider's `attributes` find in claims. What is no text, or no http(s) address where one belongs, is as if it
 * were not there; then the attribute's default stands in.
 * @param claims of a checked ID token, with what userinfo added
 */
export function readProfile(
  claims: Readonly<Record<string, unknown>>,
  { attributes }: Pick<IdentityProviderConfig, 'attributes'>,
): Profile {
  const profile: Profile = {}
  for (const field of FIELDS) {
    const { claim, default: otherwise } = attributes[field]
    const value = profileText(field, claimAt(claims, claim)) ?? profileText(field, otherwise)
    if (value !== undefined) profile[field] = value
  }
  return profile
}

/**
 * What may stand in a field of a profile, whoever says it.
 * @param value anything
 * @returns one line without control characters, 256 characters at most; for a picture or website an http(s) address without user
 *   name, 2,048 characters at most; undefined where it is neither, or empty
 */
export function profileText(field: keyof Profile, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const line = value.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  if (line === '') return undefined
  return URLS.has(field) ? webAddress(line) : cut(line)
}

function webAddress(text: string): string | undefined {
  const url = text.length > MAX_URL ? null : URL.parse(text)
  const isWeb = (url?.protocol === 'https:' || url?.protocol === 'http:') && url.username === '' && url.password === ''
  return isWeb && url.href.length <= MAX_URL ? url.href : undefined
}

/** Never through the middle of a character: half of one is no text that every store takes. */
function cut(line: string): string {
  return line
    .slice(0, MAX_TEXT)
    .replace(/[\uD800-\uDBFF]$/, '')
    .toWellFormed()
    .trimEnd()
}
