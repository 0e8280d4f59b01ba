import * as z from 'zod'

const url = z.url({ protocol: /^https?$/ })

/** What a client may be told, as far as it is used here; anything else is refused, as the Management API does. */
const client = z.strictObject({
  name: z
    .string()
    .min(1)
    .regex(/^[^<>]+$/, 'must not contain < or >'),
  description: z.string().max(140),
  app_type: z.enum(['native', 'spa', 'regular_web', 'non_interactive']),
  logo_uri: url,
  is_first_party: z.boolean(),
  oidc_conformant: z.boolean(),
  callbacks: z.array(url),
  allowed_logout_urls: z.array(url),
  grant_types: z.array(z.enum(['authorization_code', 'implicit', 'refresh_token', 'client_credentials', 'password'])),
  initiate_login_uri: z.url({ protocol: /^https$/ }),
  client_secret: z.string().min(1),
  token_endpoint_auth_method: z.enum(['none', 'client_secret_post', 'client_secret_basic']),
  jwt_configuration: z.strictObject({
    alg: z.enum(['HS256', 'RS256', 'PS256']).optional(),
    lifetime_in_seconds: z.int().positive().optional(),
    secret_encoded: z.boolean().optional(),
  }),
  refresh_token: z
    .strictObject({
      rotation_type: z.enum(['rotating', 'non-rotating']),
      expiration_type: z.enum(['expiring', 'non-expiring']),
      leeway: z.int().min(0).optional(),
      infinite_token_lifetime: z.boolean().optional(),
      token_lifetime: z.int().positive().optional(),
      infinite_idle_token_lifetime: z.boolean().optional(),
      idle_token_lifetime: z.int().positive().optional(),
    })
    .refine(
      ({ rotation_type, expiration_type }) => rotation_type === 'non-rotating' || expiration_type === 'expiring',
      'a rotating token must be expiring',
    )
    .refine(
      ({ token_lifetime = Infinity, idle_token_lifetime = 1 }) => idle_token_lifetime < token_lifetime,
      'the idle lifetime must be shorter than the other',
    ),
  oidc_logout: z.strictObject({
    backchannel_logout_urls: z.array(url).max(1),
    backchannel_logout_initiators: z
      .strictObject({ mode: z.enum(['all', 'custom']), selected_initiators: z.array(z.string()).optional() })
      .optional(),
  }),
})

/** @returns the properties, or what is wrong with the first bad one */
export function checkClient(
  body: Record<string, unknown>,
  isNew: boolean,
): { properties: Partial<z.output<typeof client>> } | { wrong: string } {
  const schema = isNew ? client.partial().required({ name: true }) : client.partial()
  const result = schema.safeParse(body)
  if (result.success) return { properties: result.data }
  const [issue] = result.error.issues
  return { wrong: `'${issue?.message}' on property ${issue?.path.join('.')}` }
}
