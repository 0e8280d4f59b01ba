import { randomBytes } from 'node:crypto'

import * as oidc from 'openid-client'

import { callbackUrl } from '../config.ts'
import { classify } from './classify.ts'
import type { Connections } from './connection.ts'
import type { ClientCredential, CredentialVerdict, Provider } from './contract.ts'

/** How much of a provider's own words is repeated, in characters. */
const MAX_FOREIGN_TEXT = 300

/** What a token endpoint said of a credential; `undecided`: it may have judged the rest before the credential. */
interface Heard {
  verdict: CredentialVerdict['verdict'] | 'undecided'
  said: string
}

/**
 * Shows each credential to the token endpoint of the provider that it belongs to, once, with a code that nobody gave out. A good
 * one is answered with `invalid_grant`, whatever the status (RFC 6749 §5.2), a bad one with 401 or `invalid_client`. Entra may refuse
 * the code before it looks at the secret: there the grant is asked for that needs nothing else.
 * @param id of the provider
 */
export function createCredentialCheck(
  id: string,
  { connect }: Pick<Connections, 'connect'>,
  credentials: readonly ClientCredential[],
): Provider['showCredentials'] {
  const show = async (credential: ClientCredential, loginUrl: string): Promise<Heard> => {
    try {
      const connection = await connect(credential)
      const made = (): string => randomBytes(32).toString('base64url')
      const code = { code: made(), code_verifier: made(), redirect_uri: callbackUrl(loginUrl, id) }
      const heard = await ask(connection, 'authorization_code', code, credential)
      if (heard.verdict !== 'undecided') return heard
      return await ask(connection, 'client_credentials', { scope: `${credential.clientId}/.default` }, credential)
    } catch (error) {
      return { verdict: 'cannot-tell', said: classify(id, error).message }
    }
  }
  return async (loginUrl) => {
    const verdicts: CredentialVerdict[] = []
    // One after the other: a vendor may count what it refuses.
    for (const credential of credentials) {
      const { verdict, said } = await show(credential, loginUrl)
      verdicts.push({ name: credential.name, verdict: verdict === 'undecided' ? 'cannot-tell' : verdict, said })
    }
    return verdicts
  }
}

async function ask(
  connection: oidc.Configuration,
  grant: 'authorization_code' | 'client_credentials',
  parameters: Record<string, string>,
  credential: ClientCredential,
): Promise<Heard> {
  try {
    await oidc.genericGrantRequest(connection, grant, parameters)
    return { verdict: 'accepted', said: 'it gave out a token' }
  } catch (error) {
    if (error instanceof oidc.WWWAuthenticateChallengeError) {
      return { verdict: error.status === 401 ? 'refused' : 'cannot-tell', said: `it answered ${error.status}` }
    }
    if (!(error instanceof oidc.ResponseBodyError)) throw error
    const { status, error: code, error_description: description = '' } = error
    const words = foreignWords(description === '' ? code : `${code}: ${description}`, credential)
    return { verdict: judge(grant, status, code, description), said: `it answered ${status} (${words})` }
  }
}

/**
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
 */
function judge(grant: string, status: number, code: string, description: string): Heard['verdict'] {
  if (status === 429 || status >= 500) return 'cannot-tell'
  // Auth0 and Keycloak have words of their own with 401; Pocket ID once had a sentence with 400.
  if (status === 401 || code === 'unauthorized_client' || /\bclient\b|^invalid_client$/i.test(code)) return 'refused'
  if (status !== 400 && status !== 403) return 'cannot-tell'
  return description.startsWith('AADSTS') && grant === 'authorization_code' ? 'undecided' : 'accepted'
}

/** Fit to be shown: bounded, without the secret, without control characters. */
function foreignWords(said: string, { proof }: ClientCredential): string {
  const secrets = proof.kind === 'secret' ? [proof.secret, encodeURIComponent(proof.secret)] : []
  return secrets
    .reduce((text, secret) => text.replaceAll(secret, '[secret]'), said)
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .slice(0, MAX_FOREIGN_TEXT)
}
