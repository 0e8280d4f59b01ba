import { importSPKI, jwtVerify } from 'jose'

import { secretText } from '../openid.ts'
import type { Answered, Handler } from '../server.ts'
import type { GoogleTenant } from './tenant.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/**
 * Tokens for a service account in somebody's name (RFC 7523 §2.1).
 * @param endpoint its `token_uri`
 * @see https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function serviceAccountTokens(tenant: GoogleTenant, endpoint: () => string): Handler {
  return async ({ method, url, body }) => {
    if (url.href !== endpoint() || method !== 'POST') return undefined
    const form = new URLSearchParams(body)
    if (form.get('grant_type') !== JWT_BEARER) return refuse(400, 'unsupported_grant_type', 'Invalid grant_type')
    const claims = await verified(tenant, form.get('assertion') ?? '', endpoint())
    if (typeof claims === 'string') return refuse(400, 'invalid_grant', claims)
    const { iss, sub = '', scope, iat = 0, exp = 0 } = claims
    if (iss !== tenant.serviceAccountKey.client_email) {
      return refuse(400, 'invalid_grant', 'Invalid grant: account not found')
    }
    if (exp - iat > 3600)
      return refuse(400, 'invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes)')
    const scopes = typeof scope === 'string' ? scope.split(' ') : []
    const allowed = tenant.delegated.get(tenant.serviceAccountKey.client_id) ?? []
    if (scopes.length === 0 || !scopes.every((wanted) => allowed.includes(wanted))) {
      const text =
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.'
      return refuse(401, 'unauthorized_client', text)
    }
    const known = [tenant.administrator, ...tenant.people.map(({ email }) => email)]
    if (!known.includes(sub)) return refuse(400, 'invalid_grant', 'Invalid email or User ID')
    const token = `ya29.${secretText()}`
    tenant.tokens.set(token, { impersonated: sub, scopes })
    return { body: { access_token: token, expires_in: 3599, token_type: 'Bearer' } }
  }
}

async function verified({ publicKey }: GoogleTenant, assertion: string, audience: string) {
  try {
    const { payload } = await jwtVerify(assertion, await importSPKI(publicKey, 'RS256'), {
      audience,
      algorithms: ['RS256'],
      requiredClaims: ['iss', 'iat', 'exp'],
    })
    return payload
  } catch {
    return 'Invalid JWT Signature.'
  }
}

function refuse(status: number, error: string, description: string): Answered {
  return { status, body: { error, error_description: description } }
}
