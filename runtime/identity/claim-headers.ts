import type { ClaimValue } from '../policy/index.ts'
import { claimValue } from './claims.ts'
import type { Subject } from './subject.ts'

/** A name and its value. */
export type Header = readonly [name: string, value: string]

/** Of one header; a longer list loses its last entries. */
const MAX_HEADER_BYTES = 4 * 1024

/**
 * The claim headers of a route. What is not known, or cannot be said in a header, has none: the proxy removes the client's.
 * @param names header → claim
 */
export function claimHeaders(subject: Subject, names: Readonly<Record<string, string>>): Header[] {
  return Object.entries(names).flatMap(([name, claim]): Header[] => {
    const value = claimValue(subject, claim)
    const text = value === undefined ? undefined : headerText(value)
    return text === undefined ? [] : [[name, text]]
  })
}

/**
 * A value as apps behind other gateways of this kind know it: lists are joined by commas, letters outside ASCII are UTF-8
 * (RFC 9110 §5.5 lets them pass as opaque bytes), which Node writes from a string of one character a byte.
 * @returns nothing for what would be read as something else: control characters, and in lists an entry with a comma
 */
export function headerText(value: ClaimValue): string | undefined {
  if (typeof value === 'object') {
    const entries = bounded(value.map(bytesOf).filter((entry) => entry !== undefined && !entry.includes(',')))
    return entries.length === 0 ? undefined : entries.join(',')
  }
  const text = bytesOf(String(value))
  return text !== undefined && text.length > MAX_HEADER_BYTES ? undefined : text
}

function bytesOf(text: string): string | undefined {
  const trimmed = text.trim()
  return trimmed === '' || /\p{Cc}/u.test(trimmed) ? undefined : Buffer.from(trimmed, 'utf8').toString('latin1')
}

function bounded(entries: readonly (string | undefined)[]): string[] {
  let left = MAX_HEADER_BYTES
  return entries.filter((entry): entry is string => {
    left -= (entry?.length ?? 0) + 1
    return entry !== undefined && left >= 0
  })
}
