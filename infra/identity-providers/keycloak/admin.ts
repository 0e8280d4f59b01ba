import type * as pulumi from '@pulumi/pulumi'

import { refusal, restRequest } from '../../provider/index.ts'
import { issuerOf, type RealmAddress, serverUrl } from './inputs.ts'

/** How long all requests of one visit may take together, in milliseconds. */
const PATIENCE_MS = 120_000

/** A realm, and with what it is administered. */
export interface AdministeredRealm extends RealmAddress {
  credentials: { clientId: string; clientSecret: pulumi.Output<string> }
}

/**
 * Asks the administration API of one realm; paths are relative to the realm.
 * @returns the parsed answer; undefined where there is none, as after a DELETE, for which 404 is as good
 * @throws ProviderError `vendor_refused`, `unreachable`
 */
export type AskRealm = (method: 'GET' | 'DELETE', path: string) => Promise<unknown>

/**
 * Signs in as the service account.
 * @throws ProviderError `vendor_refused`, `unreachable`
 * @see https://www.keycloak.org/docs-api/latest/rest-api/
 */
export async function openRealm(realm: AdministeredRealm): Promise<AskRealm> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const token = await signIn(realm, signal)
  const headers = { authorization: `Bearer ${token}` }
  const base = `${serverUrl(realm)}/admin/realms/${encodeURIComponent(realm.realm)}`
  return async (method, path) => {
    const url = base + path
    const answer = await restRequest({ method, url, headers, signal, secrets: [token] })
    const isGone = method === 'DELETE' && answer.status === 404
    if (answer.status >= 300 && !isGone) throw refusal(`${method} as the service account`, url, answer, [token])
    return answer.body
  }
}

async function signIn(realm: AdministeredRealm, signal: AbortSignal): Promise<string> {
  const url = `${issuerOf(realm)}/protocol/openid-connect/token`
  const { clientId, clientSecret } = realm.credentials
  const secret = await known(clientSecret)
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret })
  const answer = await restRequest({ method: 'POST', url, headers: {}, body, signal, secrets: [secret] })
  const { access_token: token } = (answer.body ?? {}) as { access_token?: unknown }
  if (answer.status !== 200 || typeof token !== 'string') throw refusal('sign in at', url, answer, [secret])
  return token
}

/** What comes from the stack file, or was made before, is known whenever something is deployed. */
export function known(value: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => {
    value.apply(resolve)
  })
}
