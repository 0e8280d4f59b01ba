import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'

import { isSafe, type TokenIssuerConfig } from '../config.ts'
import { mayStayPrivate } from '../outbound/index.ts'
import { Refusal } from '../refusal.ts'

/** How long keys are used before they are asked for again. */
const FRESH_MS = 10 * 60_000
/** A flood of unknown key ids makes one request in this time. */
const UNKNOWN_KEY_COOL_DOWN_MS = 30_000
/** Keys that were good lately still count while their issuer does not answer. */
const STALE_MS = 60 * 60_000
/** An issuer that does not answer is asked once in this time, whatever comes in. */
const FAILURE_COOL_DOWN_MS = 5_000
const TIMEOUT_MS = 8_000

/** `boundedFetch` of runtime/outbound. */
export type FetchKeys = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal; allowPrivateAddresses: boolean },
) => Promise<Response>

/**
 * The public keys of a token issuer (RFC 7517 §5), found by discovery where their address is not configured. Nothing is
 * asked for before the first token. How often they are fetched does not depend on what tokens say.
 * @param id of the issuer in the configuration, for messages
 * @returns what jose looks keys up with; it throws Refusal `provider_unreachable` when there are none to be had
 */
export function createIssuerKeys(id: string, config: TokenIssuerConfig, fetchKeys: FetchKeys): JWTVerifyGetKey {
  const allowPrivateAddresses = [config.issuer, config.jwks ?? config.issuer].some((url) =>
    mayStayPrivate(url, config.allowPrivateAddresses),
  )
  let known: { text: string; at: number } | undefined
  let failure: { error: Refusal; at: number } | undefined

  const fetchJson = async (url: string, signal: AbortSignal): Promise<string> => {
    const headers = { accept: 'application/json, application/jwk-set+json' }
    const response = await fetchKeys(url, { headers, signal, allowPrivateAddresses })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
    return text
  }

  const fetchJwks = async (signal: AbortSignal): Promise<string> => {
    const url = config.jwks ?? (await discoverJwks(config.issuer, (address) => fetchJson(address, signal)))
    const text = await fetchJson(url, signal)
    if (!isJwks(parse(text, url))) throw new Error(`${url} has no JWK Set`)
    return text
  }

  const load = async (signal: AbortSignal): Promise<string> => {
    if (failure && Date.now() < failure.at + FAILURE_COOL_DOWN_MS) throw failure.error
    try {
      known = { text: await fetchJwks(signal), at: Date.now() }
      failure = undefined
      return known.text
    } catch (cause) {
      if (known && Date.now() < known.at + STALE_MS) return known.text
      const error = new Refusal('provider_unreachable', `the keys of token issuer ${id} cannot be had`, { cause })
      failure = { error, at: Date.now() }
      throw error
    }
  }

  // The address stands for both ways; `load` knows which one is fetched.
  return createRemoteJWKSet(new URL(config.jwks ?? config.issuer), {
    cacheMaxAge: FRESH_MS,
    cooldownDuration: UNKNOWN_KEY_COOL_DOWN_MS,
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: async (_url, { signal }) => new Response(await load(signal)),
  })
}

/**
 * OpenID Connect Discovery 1.0 §4, then RFC 8414 §3.1: a server of access tokens may have only the latter.
 * @throws Error when neither document is there, or speaks for another issuer (case 32)
 */
async function discoverJwks(issuer: string, fetchJson: (url: string) => Promise<string>): Promise<string> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const addresses = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ] as const
  const text = await fetchJson(addresses[0]).catch(() => fetchJson(addresses[1]))
  const document = parse(text, issuer)
  if (!isRecord(document) || document['issuer'] !== issuer)
    throw new Error(`discovery of ${issuer} names another issuer`)
  const jwks = document['jwks_uri']
  if (typeof jwks !== 'string' || !/^https?:/.test(jwks) || !isSafe(jwks)) {
    throw new Error(`discovery of ${issuer} names no address of keys that is safe`)
  }
  return jwks
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${source} did not answer with JSON`)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isJwks(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value['keys']) && value['keys'].every(isRecord)
}
