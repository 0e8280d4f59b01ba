import * as z from 'zod'

import { type IdentityProviderConfig, isSafe } from '../config.ts'
import { SIGNING_ALGORITHMS } from '../keys/index.ts'
import { FailedCheck } from './classify.ts'

const address = z.url({ protocol: /^https?$/ }).refine(isSafe)
const algorithms = z
  .array(z.string())
  .transform((names) => names.filter((name) => (SIGNING_ALGORITHMS as readonly string[]).includes(name)))

/** What we use of a provider's metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). All else is left out. */
const schema = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  userinfo_endpoint: address.optional(),
  end_session_endpoint: address.optional(),
  pushed_authorization_request_endpoint: address.optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  id_token_signing_alg_values_supported: algorithms.optional(),
  userinfo_signing_alg_values_supported: algorithms.optional(),
})

/** Checked metadata of one provider. */
export type ProviderMetadata = z.infer<typeof schema>

/**
 * Reads a discovery document.
 * @param announced the issuer that it must name, letter by letter (OpenID Connect Discovery 1.0 §4.3)
 * @throws FailedCheck `provider_answer_invalid`
 */
export function readMetadata(document: unknown, announced: string): ProviderMetadata {
  const { data, error } = schema.safeParse(document)
  if (!data) {
    const names = error.issues.map(({ path }) => path.join('.') || 'all of it').join(', ')
    throw new FailedCheck('provider_answer_invalid', `its discovery document cannot be used (${names})`)
  }
  if (data.issuer !== announced) {
    throw new FailedCheck('provider_answer_invalid', `its discovery document is another issuer’s than ${announced}`)
  }
  return data
}

/** Metadata of a provider without a discovery document. */
export function metadataFrom(
  endpoints: NonNullable<IdentityProviderConfig['endpoints']>,
  announced: string,
): ProviderMetadata {
  const { authorization, token, jwks, userinfo, endSession } = endpoints
  return {
    issuer: announced,
    authorization_endpoint: authorization,
    token_endpoint: token,
    jwks_uri: jwks,
    ...(userinfo === undefined ? {} : { userinfo_endpoint: userinfo }),
    ...(endSession === undefined ? {} : { end_session_endpoint: endSession }),
    // Without a document nothing is announced, and whatever the provider alone can sign with is taken.
    id_token_signing_alg_values_supported: [...SIGNING_ALGORITHMS],
    userinfo_signing_alg_values_supported: [...SIGNING_ALGORITHMS],
  }
}
