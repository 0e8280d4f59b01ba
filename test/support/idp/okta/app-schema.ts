import * as z from 'zod'

const uri = z.string().refine((value) => URL.canParse(value) && !value.includes('#'), 'must be an absolute URI')

const key = z.looseObject({
  kid: z.string().min(1),
  kty: z.enum(['RSA', 'EC']),
  status: z.enum(['ACTIVE', 'INACTIVE']).default('ACTIVE'),
})

/**
 * What creates or replaces an OIDC app.
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Application/
 */
export const appSchema = z.looseObject({
  label: z.string().min(1).max(100),
  name: z.literal('oidc_client'),
  signOnMode: z.literal('OPENID_CONNECT'),
  credentials: z.looseObject({
    oauthClient: z.looseObject({
      client_id: z.string().optional(),
      client_secret: z.union([z.literal(''), z.string().min(14).max(100)]).optional(),
      token_endpoint_auth_method: z.enum([
        'client_secret_basic',
        'client_secret_post',
        'client_secret_jwt',
        'private_key_jwt',
        'none',
      ]),
      pkce_required: z.boolean().default(false),
      autoKeyRotation: z.boolean().default(true),
    }),
  }),
  settings: z.looseObject({
    implicitAssignment: z.boolean().default(false),
    notes: z.looseObject({ admin: z.string().max(250).nullish(), enduser: z.string().max(250).nullish() }).default({}),
    oauthClient: z
      .looseObject({
        application_type: z.enum(['web', 'native', 'browser', 'service']),
        grant_types: z.array(z.enum(['authorization_code', 'implicit', 'refresh_token', 'client_credentials'])).min(1),
        response_types: z.array(z.enum(['code', 'token', 'id_token'])).default([]),
        redirect_uris: z.array(uri).default([]),
        post_logout_redirect_uris: z.array(uri).optional(),
        client_uri: uri.optional(),
        initiate_login_uri: uri.optional(),
        consent_method: z.enum(['TRUSTED', 'REQUIRED']).default('TRUSTED'),
        issuer_mode: z.enum(['ORG_URL', 'CUSTOM_URL', 'DYNAMIC']).default('ORG_URL'),
        wildcard_redirect: z.enum(['DISABLED', 'SUBDOMAIN']).default('DISABLED'),
        refresh_token: z
          .strictObject({
            rotation_type: z.enum(['STATIC', 'ROTATE']).default('STATIC'),
            leeway: z.int().min(0).max(60).default(30),
          })
          .optional(),
        jwks: z.strictObject({ keys: z.array(key).max(50) }).optional(),
      })
      .refine(
        (client) => client.redirect_uris.length > 0 || client.grant_types.includes('client_credentials'),
        'redirect_uris: at least one is required',
      ),
  }),
  visibility: z.looseObject({ hide: z.looseObject({ iOS: z.boolean(), web: z.boolean() }).partial() }).optional(),
})

export type AppBody = z.output<typeof appSchema>
