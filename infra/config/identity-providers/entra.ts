import { z } from 'zod'

import { publicOrigin, scopes, secret } from '../fields.ts'
import { accessGroups, registered } from './common.ts'

/** @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc */
export const entra = z.strictObject({
  ...registered,
  ...accessGroups,
  kind: z.literal('entra'),
  tenantId: z.guid('write the directory (tenant) ID, a GUID: common and organizations are no tenant to register in'),
  /** Where the tenant signs people in; another one in national clouds. */
  authority: publicOrigin.default('https://login.microsoftonline.com'),
  credentials: z.strictObject({ clientId: z.string().min(1), clientSecret: secret }),
  scopes: scopes.default(['openid', 'profile', 'email', 'offline_access']),
  /** Object ID of an app registration that exists, to take over instead of making one. */
  import: z.guid('write the Object ID of the app registration, a GUID').optional(),
  directory: z.boolean().default(false),
})

export type EntraSettings = z.output<typeof entra>
