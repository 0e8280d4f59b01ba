import * as z from 'zod'

import { isSafe } from '../../../runtime/config.ts'

/**
 * How the secrets begin that stacks make. Okta's have neither name nor label, so it is by this that a secret in use is told
 * from one that Okta generated or somebody added in the console.
 */
export const OWN_SECRET_PREFIX = 'gatewright-'

/** Bounds of a client secret's length, in characters, as the API reference says for `client_secret`. */
const [SHORTEST, LONGEST] = [14, 100]

/** Inputs of one secret of an OAuth client. */
export const clientSecretInputsSchema = z.strictObject({
  /** Of the organisation: `https://acme.okta.com`. */
  orgUrl: z.url({ protocol: /^https?$/ }).refine(isSafe, 'use https'),
  /** An API token; secret. */
  apiToken: z.string().min(1),
  appId: z.string().regex(/^[\w-]+$/, 'is no id of an app'),
  /** Secret; made by the stack, so that a create that broke off finds its own secret again. */
  value: z
    .string()
    .min(SHORTEST)
    .max(LONGEST)
    .refine((value) => value.startsWith(OWN_SECRET_PREFIX), `must begin with ${OWN_SECRET_PREFIX}`),
  /**
   * What becomes of secrets that no stack made, when a client gets the first that one made: `remove` for the one that Okta
   * generates for each new client and nobody uses, `keep` for a client that was somebody else's.
   */
  strangers: z.enum(['remove', 'keep']),
  /** What it is to be; a secret that was deactivated by hand shows here. */
  status: z.literal('ACTIVE'),
})

/** What the state holds. Looser than what a program may say: a read records what is there. */
export const clientSecretStateSchema = z.object({
  orgUrl: z.string(),
  apiToken: z.string(),
  appId: z.string(),
  value: z.string(),
  strangers: z.string(),
  status: z.string(),
  secretId: z.string().min(1),
})

export type ClientSecretInputs = z.infer<typeof clientSecretInputsSchema>
export type ClientSecretState = z.infer<typeof clientSecretStateSchema>
