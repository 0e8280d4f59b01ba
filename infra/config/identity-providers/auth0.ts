import * as z from 'zod'

import { hostAndPort, scopes, secret } from '../fields.ts'
import { attributes } from './attributes.ts'
import { secretAuthMethod } from './auth-method.ts'
import { accessGroups, adoptable, registered } from './common.ts'

/** Groups are Auth0's roles. @see https://auth0.com/docs/api/management/v2 */
export const auth0 = z.strictObject({
  ...registered,
  ...accessGroups,
  ...adoptable,
  kind: z.literal('auth0'),
  /** Of the tenant, not a custom domain: `acme.eu.auth0.com`. */
  domain: hostAndPort,
  /** A machine-to-machine application that may use the Management API: see docs/identity-providers.md. */
  credentials: z.strictObject({ clientId: z.string().min(1), clientSecret: secret }),
  authMethod: secretAuthMethod(
    'the official plugin exchanges a key of Auth0 only by taking the former one away first, so that no rotation is without a gap',
  ),
  /** Auth0 tells the gateway when a session there ends. Of the Enterprise plan: another one refuses the client that asks. */
  backChannelLogout: z.boolean().default(false),
  scopes: scopes.default(['openid', 'profile', 'email', 'offline_access']),
  /** Auth0 has no `preferred_username`; its own word for it is the nickname. */
  attributes: attributes({ username: 'nickname' }),
  /**
   * Hands a person's roles over as groups. It takes an Action, as `allowedGroups` does: that runs at every sign-in of the
   * whole tenant, and leaves all but our own client alone.
   */
  groupsClaim: z.boolean().default(false),
  /** Makes the credential with which users and roles are read. */
  directory: z.boolean().default(false),
})

export type Auth0Settings = z.output<typeof auth0>
