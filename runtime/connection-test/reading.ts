/** The first answer of an authorization endpoint; a redirect is not followed. */
export interface AuthorizationAnswer {
  status: number
  /** Absolute. */
  location: string | undefined
  body: string
}

/** What a provider does not know: this callback, this client, or something that it does not name. */
export type RefusedPart = 'callback' | 'client' | 'request'

/** What an answer says of the request. */
export type Reading =
  /**
   * Sent back to the callback: nobody may do that with an address that is not registered (RFC 6749 §4.1.2.1). There is no
   * error where a sign-in came of it, such as by the address of this machine.
   */
  | { kind: 'sent-back'; error: string | undefined }
  /** Goes on to sign-in, as far as can be seen. */
  | { kind: 'goes-on' }
  | { kind: 'refused'; part: RefusedPart; sign: string }
  | { kind: 'no-answer'; why: string }

type Sign = readonly [pattern: RegExp, part: RefusedPart]

/**
 * Entra's codes: not among the registered addresses, none is registered, no such application, a disabled one. Its error
 * page has status 200, and the codes stand there in every language.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
 */
const ENTRA_SIGNS: readonly Sign[] = [
  [/AADSTS(?:50011|500113|900971)(?=:)/, 'callback'],
  [/AADSTS(?:700016|7000112)(?=:)/, 'client'],
]

/**
 * By what a refusal tells what it is about; the first that is found counts, so that codes stand before words. Google:
 * `redirect_uri_mismatch`, `invalid_client`, `deleted_client`. Okta: "The 'redirect_uri' parameter must be …". Auth0:
 * "Callback URL mismatch", "Unknown client". Keycloak: "Invalid parameter: redirect_uri", "Client not found". PingOne:
 * "Redirect URI mismatch".
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors
 */
const SIGNS: readonly Sign[] = [
  ...ENTRA_SIGNS,
  [/redirect_uri_mismatch|invalid_redirect_uri/, 'callback'],
  [/(?:invalid|deleted|disabled)_client/, 'client'],
  // Not where the page repeats the request.
  [/redirect[_ ]ur[il](?!=|%3D)|callback url|reply (?:url|address)/i, 'callback'],
  [/unknown client|client (?:is )?(?:not found|unknown|invalid|disabled)|client_id'? parameter/i, 'client'],
]

/** An error code as RFC 6749 §4.1.2.1 spells it; nothing else of a foreign answer is repeated. */
const ERROR_CODE = /^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/

/**
 * Reads an answer by itself.
 * @param callbackUrl the one that was asked for
 */
export function readAnswer(answer: AuthorizationAnswer, callbackUrl: string): Reading {
  const { status, location, body } = answer
  if (status === 429 || status >= 500) return { kind: 'no-answer', why: `the provider answered ${status}` }
  if (status >= 400) return findRefusal(body, SIGNS) ?? { kind: 'refused', part: 'request', sign: `${status}` }
  if (status < 300) return findRefusal(body, ENTRA_SIGNS) ?? { kind: 'goes-on' }
  const target = location === undefined ? null : URL.parse(location)
  return target
    ? readRedirect(target, callbackUrl)
    : { kind: 'no-answer', why: `the provider answered ${status} without an address` }
}

function readRedirect(target: URL, callbackUrl: string): Reading {
  const callback = new URL(callbackUrl)
  const parameters = [...target.searchParams, ...new URLSearchParams(target.hash.slice(1))]
  if (target.origin === callback.origin && target.pathname === callback.pathname) {
    const error = parameters.find(([name]) => name === 'error')?.[1]
    return { kind: 'sent-back', error: error === undefined || ERROR_CODE.test(error) ? error : 'an unreadable error' }
  }
  // Google: /signin/oauth/error?authError=…; Auth0, PingOne: error and error_description in the query.
  const errors = parameters.filter(([name, value]) => /error/i.test(name) && value !== '')
  if (errors.length === 0 && !/\/errors?(?:\/|$)/i.test(target.pathname)) return { kind: 'goes-on' }
  const text = errors.flatMap(([, value]) => [value, decodeBase64(value)]).join('\n')
  return findRefusal(text, SIGNS) ?? { kind: 'refused', part: 'request', sign: 'an error page' }
}

function findRefusal(text: string, signs: readonly Sign[]): Reading | undefined {
  const readable = text.replaceAll(/&#(?:95|x5f);/gi, '_')
  for (const [pattern, part] of signs) {
    const sign = pattern.exec(readable)?.[0]
    if (sign !== undefined) return { kind: 'refused', part, sign }
  }
  return undefined
}

/** Google's `authError` is a message in base64url that begins with the code. */
function decodeBase64(value: string): string {
  return Buffer.from(value, 'base64url').toString('latin1')
}
