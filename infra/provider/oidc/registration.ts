import * as z from 'zod'

import { boundedFetch } from '../../../runtime/outbound/index.ts'
import { ProviderError } from '../errors.ts'
import type { Properties } from '../properties.ts'
import { refusal } from '../refusal.ts'
import { misfits, parseJson, reasonOf, sendableHeaders } from '../rest.ts'
import { discover } from './discovery.ts'
import { isSafeUrl } from './schema.ts'

/** A client information response (RFC 7591 §3.2.1, RFC 7592 §3). */
export interface ClientInformation {
  clientId: string
  clientSecret: string | undefined
  clientSecretExpiresAt: number | undefined
  registrationClientUri: string | undefined
  registrationAccessToken: string | undefined
  /** Everything else that the server said about the client, by wire name. */
  metadata: Properties
}

const informationSchema = z.looseObject({
  client_id: z.string().min(1),
  client_secret: z.string().min(1).optional(),
  client_secret_expires_at: z.number().optional(),
  registration_client_uri: z.string().refine(isSafeUrl).optional(),
  registration_access_token: z.string().min(1).optional(),
})

/**
 * Finds where a server registers clients.
 * @param issuer the issuer identifier, which the document has to repeat exactly (OpenID Connect Discovery 1.0 §4.3)
 * @throws ProviderError `discovery_failed`, `issuer_mismatch`, `registration_unsupported`, `unreachable`
 */
export async function discoverRegistrationEndpoint(issuer: string, signal: AbortSignal): Promise<string> {
  const { url, document } = await discover(issuer, signal)
  const endpoint = document.registration_endpoint
  if (endpoint === undefined || !isSafeUrl(endpoint)) {
    const why = endpoint === undefined ? 'names no registration_endpoint' : 'has a registration_endpoint without TLS'
    throw new ProviderError('registration_unsupported', `${url} ${why}: switch dynamic client registration on there`)
  }
  return endpoint
}

/** Registers a client (RFC 7591 §3). The request is sent once: the protocol has no way to say "the same again". */
export async function registerClient(
  endpoint: string,
  token: string | undefined,
  metadata: Properties,
  signal: AbortSignal,
): Promise<ClientInformation> {
  const answer = await send('POST', endpoint, { token, body: metadata, signal })
  if (answer.status !== 201 && answer.status !== 200) throw refused('register the client at', endpoint, answer, [token])
  return toInformation(endpoint, answer)
}

/**
 * Reads a client (RFC 7592 §2.1).
 * @param token the registration access token
 * @returns `gone` when the server itself says that there is no such client
 */
export async function readClient(uri: string, token: string, signal: AbortSignal): Promise<ClientInformation | 'gone'> {
  const answer = await send('GET', uri, { token, signal })
  if (saysGone(answer)) return 'gone'
  if (answer.status !== 200) throw refused('read the client at', uri, answer, [token])
  return toInformation(uri, answer)
}

/** Replaces a client's record (RFC 7592 §2.2). */
export async function updateClient(
  uri: string,
  token: string,
  body: Properties,
  signal: AbortSignal,
): Promise<ClientInformation> {
  const answer = await send('PUT', uri, { token, body, signal })
  if (answer.status !== 200) throw refused('update the client at', uri, answer, [token, body['client_secret']])
  return toInformation(uri, answer)
}

/** Deletes a client (RFC 7592 §2.3); one that is gone already counts as deleted. */
export async function deleteClient(uri: string, token: string, signal: AbortSignal): Promise<void> {
  const answer = await send('DELETE', uri, { token, signal })
  if (answer.status !== 204 && answer.status !== 200 && !saysGone(answer)) {
    throw refused('delete the client at', uri, answer, [token])
  }
}

interface Answer {
  status: number
  /** The `WWW-Authenticate` header. */
  challenge: string
  /** Parsed JSON; undefined when it is none. */
  body: unknown
}

interface Sending {
  token?: string | undefined
  body?: Properties
  signal: AbortSignal
}

async function send(method: string, url: string, { token, body, signal }: Sending): Promise<Answer> {
  const headers = sendableHeaders(url, {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  })
  try {
    const init = {
      method,
      headers,
      signal,
      allowPrivateAddresses: true,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const response = await boundedFetch(url, init)
    const text = await response.text()
    const challenge = response.headers.get('www-authenticate') ?? ''
    return { status: response.status, challenge, body: parseJson(text) }
  } catch (cause) {
    throw new ProviderError('unreachable', `${method} ${url} got no answer: ${reasonOf(cause)}`, { cause })
  }
}

/**
 * RFC 7592 §2.1 wants 401 for a client that does not exist, with our token revoked at once. A 401 of something else on
 * the way (a proxy's Basic challenge), or a 404 page, is no word about the client.
 */
function saysGone({ status, challenge, body }: Answer): boolean {
  if (status === 401) return /^bearer\b/i.test(challenge) || errorOf(body) === 'invalid_token'
  return status === 404 && typeof body === 'object' && body !== null
}

function toInformation(url: string, { status, body }: Answer): ClientInformation {
  const parsed = informationSchema.safeParse(body)
  if (!parsed.success) {
    const fields = misfits(parsed.error)
    throw new ProviderError('unreachable', `${url} answered ${status} with an unusable client (${fields})`)
  }
  const {
    client_id: clientId,
    client_secret: clientSecret,
    client_secret_expires_at: clientSecretExpiresAt,
    registration_client_uri: registrationClientUri,
    registration_access_token: registrationAccessToken,
    ...metadata
  } = parsed.data
  return {
    clientId,
    clientSecret,
    clientSecretExpiresAt,
    registrationClientUri,
    registrationAccessToken,
    metadata: metadata as Properties,
  }
}

function refused(doing: string, url: string, answer: Answer, secrets: readonly unknown[]): ProviderError {
  return refusal(doing, url, answer, secrets, 'registration_refused')
}

function errorOf(body: unknown): string | undefined {
  const { error } = (body ?? {}) as { error?: unknown }
  return typeof error === 'string' ? error : undefined
}
