import type { Answered } from '../server.ts'

/** One request to the administration of the realm. */
export interface AdminRequest {
  method: string
  /** Segments of the path after the realm's name. */
  path: string[]
  query: URLSearchParams
  body: unknown
  origin: string
  /** Whether the service account that asks has one of these roles. */
  may: (...roles: string[]) => boolean
}

export const FORBIDDEN: Answered = { status: 403, body: { error: 'HTTP 403 Forbidden' } }
export const NO_CONTENT: Answered = { status: 204 }

/** As many as `max` says, from `first` on. */
export function pageOf<Item>(items: readonly Item[], query: URLSearchParams, defaultMax = 100): Item[] {
  const first = Number(query.get('first') ?? 0)
  return items.slice(first, first + Number(query.get('max') ?? defaultMax))
}
