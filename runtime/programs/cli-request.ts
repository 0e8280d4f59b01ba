import { Refusal } from '../refusal.ts'

/** How long a program's token lives at most; it ends earlier with the person's session. */
export const CLI_TOKEN_LIFETIME_MS = 60 * 60_000

/**
 * The loopback redirect of RFC 8252 §7.3: an address, not a name (§8.3: `localhost` may be resolved elsewhere), with the port
 * that the program listens on. The path is plain, so that no two readers of the whole can disagree.
 */
const REDIRECT_URI = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):([1-9]\d{0,4})\/[\w.~/-]{0,200}$/

/** `VSCHAR` (RFC 6749 Appendix A.5); the whole request has to travel through a sign-in. */
const STATE = /^[\x20-\x7e]{1,256}$/

/** A canonical path of a length that fits, with the rest of the request, through a sign-in. */
const PATH = /^\/[\x21-\x22\x24-\x3e\x40-\x7e]{0,500}$/

/** BASE64URL-ENCODE of a SHA-256 (RFC 7636 §4.2). */
const CHALLENGE = /^[\w-]{43}$/

/** A program on somebody's machine asking for access in their name (RFC 8252, RFC 7636). */
export interface CliRequest {
  /** On this machine, as the program wrote it. */
  redirectUri: string
  state: string
  /** S256. */
  challenge: string
  /** Where at the host the program wants to go, for a sign-in as it is wanted there. */
  path?: string
}

/**
 * Reads and checks a request. Nothing is ever sent to an address that did not pass.
 * @param parameters of the address, or of our own form
 * @throws Refusal `request_malformed`: a foreign address, another method than S256, a parameter twice or missing
 */
export function parseCliRequest(parameters: URLSearchParams): CliRequest {
  const redirectUri = single(parameters, 'redirect_uri')
  if (!isLoopbackRedirect(redirectUri)) {
    throw malformed('redirect_uri is not http://127.0.0.1:<port>/… or http://[::1]:<port>/…')
  }
  if (single(parameters, 'code_challenge_method') !== 'S256') throw malformed('code_challenge_method is not S256')
  const challenge = single(parameters, 'code_challenge')
  if (!CHALLENGE.test(challenge)) throw malformed('code_challenge is not a SHA-256 in base64url')
  const state = single(parameters, 'state')
  if (!STATE.test(state)) throw malformed('state is not 1 to 256 visible characters')
  const path = parameters.has('path') ? single(parameters, 'path') : undefined
  if (path !== undefined && !PATH.test(path)) throw malformed('path is not a path')
  return { redirectUri, state, challenge, ...(path === undefined ? {} : { path }) }
}

/** What a request consists of, by the names that it has in an address and in a form. */
export function cliRequestFields({
  redirectUri,
  state,
  challenge,
  path,
}: CliRequest): readonly (readonly [string, string])[] {
  return [
    ['redirect_uri', redirectUri],
    ['state', state],
    ['code_challenge', challenge],
    ['code_challenge_method', 'S256'],
    ...(path === undefined ? [] : [['path', path] as const]),
  ]
}

/**
 * Where the browser goes with the answer (RFC 6749 §4.1.2).
 * @param answer a code, or an error's name
 */
export function cliAnswer({ redirectUri, state }: CliRequest, answer: { code: string } | { error: string }): string {
  return `${redirectUri}?${new URLSearchParams({ ...answer, state }).toString()}`
}

/** Whether an address can only be a program on the same machine as the browser that is sent there. */
export function isLoopbackRedirect(value: string): boolean {
  const port = Number(REDIRECT_URI.exec(value)?.[1] ?? 0)
  // The browser's own reading decides where it goes.
  const url = URL.parse(value)
  return port > 0 && port <= 65_535 && (url?.hostname === '127.0.0.1' || url?.hostname === '[::1]')
}

/** @throws Refusal `request_malformed` unless a parameter is there exactly once (RFC 6749 §3.1) */
function single(parameters: URLSearchParams, name: string): string {
  const [value, ...more] = parameters.getAll(name)
  if (value === undefined || more.length > 0) throw malformed(`${name} must be there once`)
  return value
}

function malformed(reason: string): Refusal {
  return new Refusal('request_malformed', `a command-line sign-in was refused: ${reason}`)
}
