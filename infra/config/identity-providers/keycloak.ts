import { z } from 'zod'

import { publicOrigin, scopes, secret } from '../fields.ts'
import { adoptable, registered } from './common.ts'

const NO_ACCESS_GROUPS =
  'Keycloak cannot say of one client who may sign in with it, short of a sign-in flow of its own; write who may pass as a rule (allow) at the routes'

/** @see https://www.keycloak.org/docs/latest/server_admin/ */
export const keycloak = z.strictObject({
  ...registered,
  ...adoptable,
  kind: z.literal('keycloak'),
  url: publicOrigin,
  /** Path under which the server answers, such as `/auth`, where it is not the root. */
  basePath: z
    .string()
    .regex(/^(?:\/[\w.~-]+)+$/, 'write it as a path without a slash at its end, like /auth')
    .optional(),
  realm: z.string().regex(/^[^\s/?#%\\]+$/, 'write the name of the realm, without spaces, / ? # % and \\'),
  /** A client of this realm whose service account may manage clients, and users too where there is a directory. */
  credentials: z.strictObject({ clientId: z.string().min(1), clientSecret: secret }),
  scopes: scopes.default(['openid', 'profile', 'email', 'offline_access']),
  /** Makes a client with which users and groups can be read, and nothing else. */
  directory: z.boolean().default(false),
  /** Known to the other kinds, so that it is looked for. */
  allowedGroups: z.custom<never>(() => false, NO_ACCESS_GROUPS).optional(),
})

export type KeycloakSettings = z.output<typeof keycloak>
