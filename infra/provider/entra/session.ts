import { createHash } from 'node:crypto'

import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { refusal } from '../refusal.ts'
import { parseJson, type Pause, restRequest } from '../rest.ts'
import { entraCloud } from './clouds.ts'
import { type Administration, isSafeOrigin } from './schema.ts'

/** What a tenant lets us do for a while. */
export interface Session {
  graphUrl: string
  accessToken: string
  /** Object id of the service principal that we are in the tenant. */
  callerId: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** How long before its end a token is not used any more, in milliseconds. */
const MARGIN_MS = 5 * 60_000
/** How long a sign-in may take, in milliseconds. */
const TIMEOUT_MS = 60_000
/** A stack has a few tenants; more sessions than this are not kept. */
const MAX_SESSIONS = 32

const sessions = new Map<string, Promise<Session>>()

/**
 * Signs in with the administration's own credential, once for each: whatever asks at the same time shares one session.
 * @param pause how to wait between tries
 * @throws ProviderError `vendor_refused` when the tenant does not take the credential, `unreachable`
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function openSession(administration: Administration, pause?: Pause): Promise<Session> {
  const key = createHash('sha256').update(JSON.stringify(administration)).digest('hex')
  for (;;) {
    const known = sessions.get(key)
    if (!known) return keep(key, signIn(administration, pause))
    const session = await known
    if (session.expiresAt - MARGIN_MS > Date.now()) return session
    if (sessions.get(key) === known) sessions.delete(key)
  }
}

function keep(key: string, opening: Promise<Session>): Promise<Session> {
  const [oldest] = sessions.keys()
  if (sessions.size >= MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest)
  sessions.set(key, opening)
  // One that failed is not shared any further.
  opening.catch(() => sessions.delete(key))
  return opening
}

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number() })
const claimsSchema = z.object({ oid: z.guid() })

async function signIn(administration: Administration, pause?: Pause): Promise<Session> {
  const { authority, tenantId, clientId, clientSecret } = administration
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const graphUrl = entraCloud(authority)?.graphUrl ?? (await askGraphUrl(authority, signal, pause))
  const url = `${authority}/${tenantId}/oauth2/v2.0/token`
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${graphUrl}/.default`,
  })
  const secrets = [clientSecret]
  const answer = await restRequest({ method: 'POST', url, headers: {}, body, signal, secrets }, pause)
  if (answer.status !== 200) throw refusal('sign in to the tenant at', url, answer, secrets)
  const token = tokenSchema.safeParse(answer.body)
  const claims = claimsSchema.safeParse(token.success ? claimsOf(token.data.access_token) : undefined)
  if (!token.success || !claims.success) {
    throw new ProviderError(
      'unreachable',
      `${url} gave no usable access token: is ${authority} the tenant's authority?`,
    )
  }
  const expiresAt = Date.now() + token.data.expires_in * 1000
  return { graphUrl, accessToken: token.data.access_token, callerId: claims.data.oid, expiresAt }
}

const metadataSchema = z.object({ microsoftGraphResourceId: z.string() })

/**
 * A private cloud says itself where its Graph is, at the same address at which the official plugin asks for it.
 * @see https://learn.microsoft.com/en-us/azure-stack/user/azure-stack-rest-api-use
 */
async function askGraphUrl(authority: string, signal: AbortSignal, pause?: Pause): Promise<string> {
  const url = `${authority}/metadata/endpoints?api-version=2022-09-01`
  const answer = await restRequest({ method: 'GET', url, headers: {}, signal, secrets: [] }, pause)
  const metadata = metadataSchema.safeParse(answer.status === 200 ? answer.body : undefined)
  const graphUrl = metadata.success ? metadata.data.microsoftGraphResourceId.replace(/\/$/, '') : ''
  if (isSafeOrigin(graphUrl)) return graphUrl
  const text = `${authority} is the authority of no cloud that is known here, and its /metadata/endpoints does not say where Microsoft Graph is: check "authority"`
  throw new ProviderError('unreachable', text)
}

/** Read, not verified: what we are called is for the tenant's own use. */
function claimsOf(accessToken: string): unknown {
  return parseJson(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
}
