import * as z from 'zod'

import { hostAndPort, scopes, secret } from '../fields.ts'
import { secretAuthMethod } from './auth-method.ts'
import { accessGroups, adoptable, registered } from './common.ts'

/** The organisation's own domain, at which its authorization server and its management API are. */
const domain = hostAndPort
  .refine((host) => host.includes('.'), 'write the whole domain, like acme.okta.com')
  .refine((host) => !/^[^.]+-admin\./.test(host), 'write the domain without -admin, which is the admin console’s')

/** @see https://developer.okta.com/docs/concepts/auth-servers/ */
export const okta = z.strictObject({
  ...registered,
  ...adoptable,
  kind: z.literal('okta'),
  /** Of the organisation: `acme.okta.com`. Not a custom domain: tokens are issued in the name of this one. */
  domain,
  /** A token of an administrator, or of a role that may do what docs/identity-providers.md says. */
  credentials: z.strictObject({ apiToken: secret }),
  authMethod: secretAuthMethod(
    'Okta wants its token endpoint as the audience of an assertion, and the gateway names the issuer, as nobody else can redeem that',
  ),
  scopes: scopes.default(['openid', 'profile', 'email', 'groups', 'offline_access']),
  /** Names of the groups whose members may sign in at all. Okta lets nobody in who is not assigned. */
  allowedGroups: accessGroups.allowedGroups
    .unwrap()
    .min(1, 'name the groups whose members may sign in, or Everyone for all of the organisation'),
  /** Makes (or takes, where it is brought) the credential with which users and groups are read. */
  directory: z.union([z.boolean(), z.strictObject({ apiToken: secret })]).default(false),
})

export type OktaSettings = z.output<typeof okta>
