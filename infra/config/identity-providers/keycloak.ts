import * as z from 'zod'

import { publicOrigin, scopes, secret } from '../fields.ts'
import { secretAuthMethod } from './auth-method.ts'
import { adoptable, privateNetwork, registered } from './common.ts'

const NO_ACCESS_GROUPS =
  'Keycloak cannot say of one client who may sign in with it, short of a sign-in flow of its own; write who may pass as a rule (allow) at the routes'

/** @see https://www.keycloak.org/docs/latest/server_admin/ */
export const keycloak = z.strictObject({
  ...registered,
  ...adoptable,
  ...privateNetwork,
  kind: z.literal('keycloak'),
  url: publicOrigin,
  /** Path under which the server answers, such as `/auth`, where it is not the root. */
  basePath: z
    .string()
    .regex(/^(?:\/[\w.~-]+)+$/, 'write it as a path without a slash at its end, like /auth')
    .optional(),
  /** The realm whose people sign in. */
  realm: z.string().regex(/^[^\s/?#%\\]+$/, 'write the name of the realm, without spaces, / ? # % and \\'),
  /** A client of this realm whose service account may manage clients, and users too where there is a directory. */
  credentials: z.strictObject({ clientId: z.string().min(1), clientSecret: secret }),
  authMethod: secretAuthMethod(
    'the client is made with a secret in Keycloak; register at it by kind: oidc to have a key',
  ),
  /**
   * Without `offline_access`: Keycloak gives refresh tokens all the same, which end with the session there. Those of that
   * scope outlive it, and nobody would notice that somebody was signed out.
   */
  scopes: scopes.default(['openid', 'profile', 'email']),
  /** Makes a client with which users and groups can be read, and nothing else. */
  directory: z.boolean().default(false),
  /** Known to the other kinds, so that it is looked for. */
  allowedGroups: z.custom<never>(() => false, NO_ACCESS_GROUPS).optional(),
})

export type KeycloakSettings = z.output<typeof keycloak>
