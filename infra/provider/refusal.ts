import { ProviderError, type ProviderErrorCode } from './errors.ts'

/** How much of a server's own words goes into an error, in characters. */
const MAX_FOREIGN_TEXT = 300

/** An answer that was not the wanted one. */
export interface RefusedAnswer {
  status: number
  /** Parsed JSON; undefined where it is none. */
  body: unknown
}

/**
 * The error for an answer that refuses.
 * @param doing what was tried, with its preposition: `register the client at`
 * @param url of the request; its query is left out
 * @param secrets values that must not be repeated, whatever the server says; those that are no text do not count
 * @param code `vendor_refused` unless a protocol has a code of its own
 */
export function refusal(
  doing: string,
  url: string,
  answer: RefusedAnswer,
  secrets: readonly unknown[],
  code: ProviderErrorCode = 'vendor_refused',
): ProviderError {
  const said = foreignWords(answer.body, secrets)
  const answered = `it answered ${answer.status}${said === '' ? '' : ` (${said})`}`
  const advice = answer.status === 401 || answer.status === 403 ? ': check the credentials, and what they may do' : ''
  return new ProviderError(code, `Could not ${doing} ${withoutQuery(url)}: ${answered}${advice}`)
}

/**
 * What a server said of its error, fit to be shown: bounded, without secrets, without control characters.
 * @param body parsed JSON; what is none gives an empty text
 */
export function foreignWords(body: unknown, secrets: readonly unknown[]): string {
  const words = [...new Set(wordsOf(body))].join(': ')
  return (
    secrets
      .filter((secret): secret is string => typeof secret === 'string' && secret !== '')
      .flatMap((secret) => [secret, encodeURIComponent(secret)])
      // One may begin with another.
      .toSorted((left, right) => right.length - left.length)
      .reduce((text, secret) => text.replaceAll(secret, '[secret]'), words)
      .replace(/[^\x20-\x7e]/g, ' ')
      .slice(0, MAX_FOREIGN_TEXT)
  )
}

/** An address as it may stand in a message. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '')
}

/**
 * Members in which servers put words: OAuth 2.0 (RFC 6749 §5.2), and the management APIs of Okta, PingOne, Auth0,
 * Microsoft Graph and Pocket ID.
 */
const wordy = ['error', 'code', 'errorCode', 'error_description', 'errorSummary', 'message']
/** Members that list further causes, each an object like the first. */
const causes = ['details', 'errorCauses']
/** How deep objects with words lie in each other at most. */
const MAX_DEPTH = 4

function wordsOf(body: unknown, depth = 0): string[] {
  if (typeof body !== 'object' || body === null || depth > MAX_DEPTH) return []
  const members = new Map<string, unknown>(Object.entries(body))
  const own = wordy.flatMap((name) => {
    const value = members.get(name)
    return typeof value === 'string' ? [value] : wordsOf(value, depth + 1)
  })
  const further = causes.flatMap((name) => {
    const value = members.get(name)
    return Array.isArray(value) ? value.flatMap((cause) => wordsOf(cause, depth + 1)) : []
  })
  return [...own, ...further].filter((word) => word !== '')
}
