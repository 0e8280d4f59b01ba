import * as z from 'zod'

/** Where an environment is, and with what it is administered. */
export const connection = {
  /** Of the region: `pingone.com`; the services are at `api.` and `auth.` of it. */
  domain: z.string().refine((domain) => URL.parse(`https://api.${domain}`)?.host === `api.${domain}`, 'use a host'),
  environmentId: z.guid(),
  /** A worker application's. */
  credentials: z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1) }),
}

export const connectionSchema = z.strictObject(connection)

export type Connection = z.infer<typeof connectionSchema>

const exactUri = z.string().refine((uri) => URL.canParse(uri) && !/[#*\s]/.test(uri), 'use one exact absolute URL')

/**
 * What a program says about an application. A part that is left out (scopes, attributes, roles) is not looked at; of one
 * that is there, everything is ours.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/applications-1.html
 */
export const applicationInputsSchema = z.strictObject({
  ...connection,
  name: z.string().min(1).max(256),
  /** What tells an application of this name from those of other stacks; left to whoever wrote one where it is left out. */
  description: z.string().min(1).optional(),
  type: z.enum(['WEB_APP', 'WORKER']),
  enabled: z.boolean(),
  grantTypes: z.array(z.enum(['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS'])).min(1),
  redirectUris: z.array(exactUri),
  postLogoutRedirectUris: z.array(exactUri),
  tokenEndpointAuthMethod: z.enum(['CLIENT_SECRET_BASIC', 'CLIENT_SECRET_POST']),
  pkceEnforcement: z.enum(['OPTIONAL', 'REQUIRED', 'S256_REQUIRED']).optional(),
  /** Where a tile in the application portal leads. */
  homePageUrl: z.string().optional(),
  /** Ids of the groups whose members may sign in; empty lets everybody in. */
  accessGroups: z.array(z.string().min(1)),
  /** Whether one of those groups is enough. */
  accessGroupType: z.enum(['ANY_GROUP', 'ALL_GROUPS']),
  /** Names of scopes of the resource `openid`. */
  scopes: z
    .array(z.string().min(1))
    .refine((names) => names.includes('openid'), 'openid must be among them: it is always granted')
    .optional(),
  /** Claim → expression, such as `${user.memberOfGroupNames}`. */
  attributes: z.record(z.string(), z.string().min(1)).optional(),
  /** Names of built-in roles, held in this environment. */
  roles: z.array(z.string().min(1)).optional(),
  /** Id of an application that exists, to become this one; it counts when the resource is made, and never after. */
  takeOver: z.guid().optional(),
})

export type ApplicationInputs = z.infer<typeof applicationInputsSchema>

/** What an application is, apart from where: what a read finds. Looser than the inputs, as people may do anything by hand. */
export const applicationSettingsSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  type: z.string(),
  enabled: z.boolean(),
  grantTypes: z.array(z.string()),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  tokenEndpointAuthMethod: z.string(),
  pkceEnforcement: z.string().optional(),
  homePageUrl: z.string().optional(),
  accessGroups: z.array(z.string()),
  accessGroupType: z.string(),
  scopes: z.array(z.string()).optional(),
  attributes: z.record(z.string(), z.string()).optional(),
  roles: z.array(z.string()).optional(),
} satisfies Record<Exclude<keyof ApplicationInputs, keyof Connection | 'takeOver'>, z.ZodType>)

export type ApplicationSettings = z.infer<typeof applicationSettingsSchema>

/** What the state holds of an application. */
export const applicationStateSchema = z.object({
  ...connection,
  ...applicationSettingsSchema.shape,
  clientId: z.string(),
  /**
   * Digest of the secret that came with the application, and that nobody was ever given; empty where the application was
   * taken over.
   */
  bornWith: z.string(),
})

export type ApplicationState = z.infer<typeof applicationStateSchema>

/** What a program says about a secret of an application. */
export const applicationSecretInputsSchema = z.strictObject({
  ...connection,
  applicationId: z.string().min(1),
  /** Of the application's state. */
  bornWith: z.string(),
  /** The secret that is to stay good beside this one. Like `bornWith` it counts when the resource is made, and never after. */
  beside: z.string().optional(),
})

export type ApplicationSecretInputs = z.infer<typeof applicationSecretInputsSchema>

/** What the state holds of a secret. */
export const applicationSecretStateSchema = z.object({
  ...connection,
  applicationId: z.string(),
  clientSecret: z.string(),
})

export type ApplicationSecretState = z.infer<typeof applicationSecretStateSchema>
