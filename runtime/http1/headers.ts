import type { IncomingHttpHeaders } from 'node:http'

/** Of these the first one counts, as with Node's own server; the gateway refuses most of them when they are there twice. */
const FIRST_COUNTS = new Set(
  (
    'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since ' +
    'last-modified location max-forwards proxy-authorization referer retry-after server user-agent'
  ).split(' '),
)

/** Requests have few names; what a hostile client makes up finds the map full. */
const lowerNames = new Map<string, string>()
const MAX_NAMES = 1_000

/**
 * Makes an object of fields, as `IncomingMessage.headers` has them.
 * @param fields name, value, name, value
 * @returns values by name in lower case, without a prototype
 */
export function headersOf(fields: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>
  for (let index = 0; index < fields.length; index += 2) {
    const name = lowerName(fields[index] ?? '')
    const value = fields[index + 1] ?? ''
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (name === 'cookie') headers[name] = `${before}; ${value}`
    else if (!FIRST_COUNTS.has(name)) headers[name] = `${before}, ${value}`
  }
  return headers
}

function lowerName(name: string): string {
  const known = lowerNames.get(name)
  if (known !== undefined) return known
  const lower = name.toLowerCase()
  if (lowerNames.size < MAX_NAMES) lowerNames.set(name, lower)
  return lower
}
