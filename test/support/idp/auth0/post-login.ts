import { createContext, runInContext } from 'node:vm'

import type { Person } from '../openid.ts'
import type { Tenant } from './tenant.ts'

/** What the Actions of a sign-in brought about. */
export interface PostLogin {
  /** Why nobody gets in, where an Action denies it or fails. */
  denied?: string
  /** Claims of the ID token. */
  claims: Record<string, unknown>
}

/**
 * Names that no Action can set: Auth0 drops them without a word.
 * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
const restricted = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest
  entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce
  object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date sip_from_tag
  sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256`.split(/\s+/),
)

/**
 * Runs the deployed code of every Action that is bound to post-login, in its order, until one denies.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/post-login-api-object
 */
export function runPostLogin(tenant: Tenant, clientId: string, person: Person): PostLogin {
  const outcome: PostLogin = { claims: {} }
  for (const { actionId } of tenant.bindings.get('post-login') ?? []) {
    const code = tenant.actions.get(actionId)?.deployed?.code
    if (code === undefined || outcome.denied !== undefined) continue
    runAction(code, eventOf(tenant, clientId, person), {
      access: { deny: (reason: string) => (outcome.denied ??= reason) },
      idToken: {
        setCustomClaim: (name: string, value: unknown) => {
          if (!restricted.has(name)) outcome.claims[name] = value
        },
      },
      failed: (error: unknown) => (outcome.denied ??= `failed: ${String(error)}`),
    })
  }
  return outcome
}

function eventOf(tenant: Tenant, clientId: string, { sub, name, email }: Person): Record<string, unknown> {
  const client = tenant.clients.get(clientId)
  return {
    client: { client_id: clientId, name: client?.name, metadata: {} },
    user: { user_id: sub, name, email, email_verified: true, app_metadata: {}, user_metadata: {} },
    authorization: { roles: tenant.roles.filter(({ members }) => members.includes(sub)).map((role) => role.name) },
    tenant: { id: 'acme' },
    transaction: { protocol: 'oidc-basic-profile', requested_scopes: [] },
  }
}

/** Within one evaluation: with its own microtask queue, the context has awaited the handler when it comes back. */
function runAction(code: string, event: Record<string, unknown>, host: Record<string, unknown>): void {
  const context = createContext({ host, eventText: JSON.stringify(event) }, { microtaskMode: 'afterEvaluate' })
  const call = `const exports = {}
    ;(() => { ${code}
    })()
    ;(async () => exports.onExecutePostLogin(JSON.parse(eventText), host))().catch((error) => host.failed(error))`
  try {
    runInContext(call, context, { timeout: 1_000 })
  } catch (error) {
    // Code that does not compile fails the sign-in, as at Auth0.
    ;(host['failed'] as (error: unknown) => void)(error)
  }
}
