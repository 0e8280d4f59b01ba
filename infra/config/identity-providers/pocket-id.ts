import * as z from 'zod'

import { publicOrigin, scopes, secret } from '../fields.ts'
import { secretAuthMethod } from './auth-method.ts'
import { accessGroups, privateNetwork, registered } from './common.ts'

/** @see https://pocket-id.org/docs/api */
export const pocketId = z.strictObject({
  ...registered,
  ...accessGroups,
  ...privateNetwork,
  kind: z.literal('pocket-id'),
  /** Its APP_URL. */
  url: publicOrigin,
  /** A key of an administrator, or the STATIC_API_KEY: Pocket ID has no lesser ones. */
  credentials: z.strictObject({ apiKey: secret }),
  /** Id of a client that exists, to take over instead of making one. */
  import: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{2,128}$/, 'write the client id alone')
    .optional(),
  authMethod: secretAuthMethod('Pocket ID’s clients have secrets, or tokens of another issuer, but no keys'),
  scopes: scopes.default(['openid', 'profile', 'email', 'groups', 'offline_access']),
  /** Whether users and groups are to be read: with the same key, which may do anything at Pocket ID. */
  directory: z.boolean().default(false),
})

export type PocketIdSettings = z.output<typeof pocketId>
