import * as z from 'zod'

import { isLoopbackHost } from '../../../runtime/net/index.ts'

/** Where a Pocket ID is, and with what it is administered. */
const administration = {
  /** Its origin, which is its issuer identifier too. */
  url: z.string().refine(isSafeOrigin, 'use https://host, without a path (http only on this machine)'),
  /** Of an administrator, or the STATIC_API_KEY. */
  apiKey: z.string().min(1),
}

export const administrationSchema = z.strictObject(administration)

export type Administration = z.infer<typeof administrationSchema>

const clientId = z.string().regex(/^[a-zA-Z0-9._-]{2,128}$/, 'use letters, digits, dots, dashes and underscores')

/** Pocket ID reads `*` as a wildcard: with one of those, tokens would go to whoever has a fitting host. */
const exactUrl = z
  .string()
  .refine((url) => URL.canParse(url) && !/[#*\s]/.test(url), 'use one exact absolute URL, without fragment or wildcard')

/**
 * What a program says about a client. Everything else that Pocket ID knows of one (logo, description, consent, token
 * lifetimes, federated identities) stays as it is.
 * @see https://pocket-id.org/docs/api
 */
export const clientInputsSchema = z.strictObject({
  ...administration,
  /** The id to make it with. It counts when the client is made, and never after. */
  clientId,
  /** Id of a client that exists, to become this one instead of a new one. */
  takeOver: clientId.optional(),
  /** Shown to people. */
  name: z.string().min(1).max(50),
  callbackUrls: z.array(exactUrl).min(1),
  logoutCallbackUrls: z.array(exactUrl),
  /** Where a tile in the list of apps leads. */
  launchUrl: z.url().optional(),
  /** Without a secret; such a client cannot have any. */
  isPublic: z.boolean(),
  /** Whether a sign-in without PKCE is refused. */
  pkceEnabled: z.boolean(),
  /** Groups whose members may sign in; everybody may where it is left out, and nobody where it is empty. */
  allowedUserGroupIds: z.array(z.string().min(1)).optional(),
})

export type ClientInputs = z.infer<typeof clientInputsSchema>

/** What a client is, apart from where. Looser than the inputs, as people may do anything by hand. */
export const clientSettingsSchema = z.object({
  name: z.string(),
  callbackUrls: z.array(z.string()),
  logoutCallbackUrls: z.array(z.string()),
  launchUrl: z.string().optional(),
  isPublic: z.boolean(),
  pkceEnabled: z.boolean(),
  allowedUserGroupIds: z.array(z.string()).optional(),
} satisfies Record<Exclude<keyof ClientInputs, keyof Administration | 'clientId' | 'takeOver'>, z.ZodType>)

export type ClientSettings = z.infer<typeof clientSettingsSchema>

/** What the state holds of a client. */
export const clientStateSchema = z.object({
  url: z.string(),
  apiKey: z.string(),
  clientId: z.string(),
  ...clientSettingsSchema.shape,
})

export type ClientState = z.infer<typeof clientStateSchema>

/** What a program says about a secret of a client. */
export const clientSecretInputsSchema = z.strictObject({
  ...administration,
  clientId: z.string().min(1),
  /** What the secret is to be, where Pocket ID lets us choose: from 2.14 on. */
  proposed: z.string().min(16),
  /** Whether another secret of the client is to stay good. It counts when the secret is made, and never after. */
  besideAnother: z.boolean(),
})

export type ClientSecretInputs = z.infer<typeof clientSecretInputsSchema>

/** What the state holds of a secret. */
export const clientSecretStateSchema = z.object({
  url: z.string(),
  apiKey: z.string(),
  clientId: z.string(),
  /** Empty where Pocket ID, before 2.14, gave the client's only secret no id. */
  secretId: z.string(),
  value: z.string().min(1),
})

export type ClientSecretState = z.infer<typeof clientSecretStateSchema>

function isSafeOrigin(value: string): boolean {
  const url = URL.parse(value)
  if (url === null || url.origin !== value) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}
