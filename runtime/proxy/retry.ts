import type { UpstreamFailure } from '../upstreams/contract.ts'

/** May be sent again after a connection broke (RFC 9110 §9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'QUERY', 'PROPFIND', 'REPORT', 'SEARCH'])

/** A request that failed at one upstream before its answer began. */
export interface FailedAttempt {
  method: string
  /** Nothing of a body was read from the client, which could not be asked for it again. */
  isRepeatable: boolean
  /** The request was on its way: bytes may have gone out. */
  wasConnected: boolean
  failure: UpstreamFailure
}

/**
 * Says whether a failed request may be sent once more, and at whose cost.
 * @returns `free` where a kept connection turned out to be closed, which says nothing about the upstream (RFC 9112 §9.3.1);
 *   `counted` where it is one of the route's retries; `no` where it could take effect twice, or would fail again
 */
export function retryAfter({ method, isRepeatable, wasConnected, failure }: FailedAttempt): 'free' | 'counted' | 'no' {
  if (!isRepeatable || failure.code === 'request_invalid' || failure.code === 'upstream_protocol') return 'no'
  if (!wasConnected) return failure.untouched ? 'counted' : 'no'
  if (!IDEMPOTENT.has(method)) return 'no'
  if (failure.untouched) return 'free'
  return failure.code === 'upstream_closed' ? 'counted' : 'no'
}
