import * as z from 'zod'

import { PROFILE_FIELDS, type ProfileField } from '../../../runtime/config.ts'

/** Where a profile field comes from, and what stands there without the claim. */
export interface AttributeSettings {
  claim: string
  default?: string | undefined
}

/** What most providers call these things (OpenID Connect Core 1.0 §5.1; `organization` is nobody's standard). */
const USUAL: Readonly<Record<ProfileField, string>> = {
  username: 'preferred_username',
  email: 'email',
  name: 'name',
  picture: 'picture',
  website: 'website',
  company: 'organization',
  location: 'locale',
}

/** A claim's name, or `address.locality` for one inside another. */
const claim = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\s.](?:\S*[^\s.])?$/, 'write the name of a claim; for one inside another a path, like address.locality')
  .refine((text) => !text.includes('..'), 'a part of the path is empty')

const attribute = z
  .union([claim, z.strictObject({ claim, default: z.string().min(1).max(256).optional() })], {
    error: 'write the name of a claim, or { claim, default }',
  })
  .transform((value): AttributeSettings => (typeof value === 'string' ? { claim: value } : value))

/** An address that many would share tells nobody apart. */
const email = attribute.refine(
  (value) => value.default === undefined,
  'an address has no default: it would be that of everybody without one',
)

/**
 * The mapping of claims to profile fields, whole: what is not said is what the kind of provider calls it.
 * @param preset what its vendor calls otherwise than most do
 */
export function attributes(preset: Partial<Record<ProfileField, string>> = {}) {
  const fields = Object.fromEntries(
    PROFILE_FIELDS.map((field) => [
      field,
      (field === 'email' ? email : attribute).default({ claim: preset[field] ?? USUAL[field] }),
    ]),
  ) as Record<ProfileField, z.ZodDefault<typeof attribute>>
  return z.strictObject(fields).prefault({})
}
