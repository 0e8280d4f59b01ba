import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { refusal } from '../refusal.ts'
import { restRequest, type RestAnswer } from '../rest.ts'
import type { Connection } from './schema.ts'

/** How many tokens are kept at most; a stack has one for each environment. */
const MAX_TOKENS = 32
/** A token is not used in the last minute of its life, in milliseconds. */
const MARGIN_MS = 60_000

interface Token {
  value: string
  /** In milliseconds since 1970. */
  usableUntil: number
}

/** By connection. One run of the engine makes many calls with the same few. */
const tokens = new Map<string, Token>()

const tokenSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number() })

/**
 * A worker's access token, by its own credentials (RFC 6749 §4.4). The secret is sent as the worker application has it
 * set up, by default in the header, which only trying tells.
 * @throws ProviderError `vendor_refused`, `unreachable`
 * @see https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/token.html
 */
export async function accessToken(connection: Connection, signal: AbortSignal): Promise<string> {
  const key = JSON.stringify([connection.domain, connection.environmentId, connection.credentials])
  const known = tokens.get(key)
  if (known !== undefined && Date.now() < known.usableUntil) return known.value
  const token = await requestToken(connection, signal)
  tokens.delete(key)
  for (const oldest of tokens.keys()) {
    if (tokens.size < MAX_TOKENS) break
    tokens.delete(oldest)
  }
  tokens.set(key, token)
  return token.value
}

/** Drops a token that the API did not take. */
export function forgetToken(value: string): void {
  for (const [key, token] of tokens) if (token.value === value) tokens.delete(key)
}

async function requestToken(connection: Connection, signal: AbortSignal): Promise<Token> {
  const url = `https://auth.${connection.domain}/${connection.environmentId}/as/token`
  const { clientId, clientSecret } = connection.credentials
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')
  const secrets = [clientSecret, basic]
  const grant = { grant_type: 'client_credentials' }
  const ask = (headers: Record<string, string>, parameters: Record<string, string>): Promise<RestAnswer> =>
    restRequest({ method: 'POST', url, headers, body: new URLSearchParams(parameters), signal, secrets })

  let answer = await ask({ authorization: `Basic ${basic}` }, grant)
  if (answer.status === 401) answer = await ask({}, { ...grant, client_id: clientId, client_secret: clientSecret })
  if (answer.status !== 200) throw refused(url, answer, secrets)
  const parsed = tokenSchema.safeParse(answer.body)
  if (!parsed.success) throw new ProviderError('unreachable', `${url} answered without a token: is that PingOne?`)
  const { access_token: value, expires_in: seconds } = parsed.data
  return { value, usableUntil: Date.now() + seconds * 1000 - MARGIN_MS }
}

function refused(url: string, answer: RestAnswer, secrets: readonly string[]): ProviderError {
  const error = refusal('get a token for the worker application from', url, answer, secrets)
  if (answer.status !== 401) return error
  const hint =
    'If they have just been changed in the stack file: a refresh still has the former ones, so run plain "pulumi up", which does not refresh'
  return new ProviderError(error.code, `${error.message}. ${hint}`)
}
