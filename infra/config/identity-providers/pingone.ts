import * as z from 'zod'

import { isLoopbackHost } from '../../../runtime/net/index.ts'
import { hostAndPort, scopes, secret } from '../fields.ts'
import { secretAuthMethod } from './auth-method.ts'
import { accessGroups, registered } from './common.ts'

/**
 * The regions' domains. They are listed, because a preview asks for groups with the administration credentials: a pull
 * request that changes the domain must not have them sent elsewhere.
 * @see https://developer.pingidentity.com/pingone-api/platform/working-with-pingone-apis/pingone-api-domains.html
 */
const REGIONS = ['pingone.com', 'pingone.eu', 'pingone.ca', 'pingone.asia', 'pingone.com.au', 'pingone.sg']

const region = hostAndPort.refine(
  (domain) => REGIONS.includes(domain) || isLoopbackHost(URL.parse(`https://${domain}`)?.hostname ?? ''),
  `use the domain of the environment's region: ${REGIONS.join(', ')}`,
)

/** @see https://developer.pingidentity.com/pingone-api/platform/ */
export const pingone = z.strictObject({
  ...registered,
  ...accessGroups,
  /** Id of an application that exists, to take over instead of making one. */
  import: z.guid().optional(),
  kind: z.literal('pingone'),
  /** The environment whose people sign in. */
  environmentId: z.guid(),
  /** Of the environment's region. */
  domain: region.default('pingone.com'),
  /** A worker application with the roles Client Application Developer and Identity Data Read Only in the environment. */
  credentials: z.strictObject({ clientId: z.string().min(1), clientSecret: secret }),
  authMethod: secretAuthMethod('the application is made with secrets in PingOne'),
  scopes: scopes.default(['openid', 'profile', 'email', 'offline_access']),
  /** Makes a worker application that may read users and groups, and nothing else. */
  directory: z.boolean().default(false),
})

export type PingOneSettings = z.output<typeof pingone>
