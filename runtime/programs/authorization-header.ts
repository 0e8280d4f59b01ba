/** Begins the tokens of service accounts. */
export const SERVICE_ACCOUNT_PREFIX = 'gws_'

/** Begins the tokens that people give to programs by signing in from the command line. */
export const CLI_PREFIX = 'gwc_'

/** Half of what all headers of a request may have together. */
const MAX_TOKEN_BYTES = 8 * 1024

/** Ours wherever a token could stand in the field, so that no spelling carries one past us to an app. */
const OWN_TOKEN = /(?:^|[^\w-])gw[sc]_/i

/** `credentials` with the scheme `Bearer` (RFC 6750 §2.1, RFC 9110 §11.4). */
const BEARER = /^bearer +([\w.~+/-]+=*)$/i

/** What a request's Authorization is to a route. */
export type Presented =
  | { kind: 'none' }
  /** Exactly one bearer token, in the one way to send it. */
  | { kind: 'token'; token: string }
  /** Something that means to be a token of ours, or one for us, and is not. */
  | { kind: 'malformed'; reason: string }

/** `user-id:password` in base64 (RFC 7617 §2): where some programs put every token. */
const BASIC = /^basic\s+([\w+/-]+=*)/i

/** Whether a token of ours is in there: it is used up here, on every route. */
export function holdsOwnToken(authorization: string | undefined): boolean {
  if (authorization === undefined) return false
  const encoded = BASIC.exec(authorization)?.[1]
  if (OWN_TOKEN.test(authorization)) return true
  return encoded !== undefined && OWN_TOKEN.test(Buffer.from(encoded, 'base64').toString('latin1'))
}

/**
 * Reads the Authorization of a request.
 * @param authorization the field's value; two fields are refused on the wire
 * @param takesTokens whether the route takes bearer tokens that are not ours; without that, only ours are looked at and
 *   everything else is the app's own
 */
export function readAuthorization(authorization: string | undefined, takesTokens: boolean): Presented {
  if (authorization === undefined) return { kind: 'none' }
  const isForUs = takesTokens && /^bearer(?:\s|$)/i.test(authorization)
  if (!isForUs && !holdsOwnToken(authorization)) return { kind: 'none' }
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) return { kind: 'malformed', reason: 'Authorization is not one bearer token' }
  return token.length > MAX_TOKEN_BYTES
    ? { kind: 'malformed', reason: 'the bearer token is longer than 8 KiB' }
    : { kind: 'token', token }
}
