import { boundedFetch } from '../outbound/index.ts'
import { likelyCause } from './cause.ts'
import { reasonOf } from './connection-error.ts'
import type { Reach } from './document.ts'

/** Whether a token endpoint answers; what it thinks of an empty request does not matter. */
export type Reached = { reached: true } | { reached: false; why: string; cause: string | undefined }

/** Sends a token endpoint a request with nothing in it, for clients whose credential is not known here. */
export async function reachTokenEndpoint(endpoint: string, reach: Reach): Promise<Reached> {
  try {
    const body = new URLSearchParams()
    const response = await boundedFetch(endpoint, { method: 'POST', body, ...reach })
    await response.body?.cancel()
    // A page that is not there, or a redirect to one, is no token endpoint.
    const isEndpoint = response.status < 300 || (response.status >= 400 && response.status < 500)
    if (isEndpoint && response.status !== 404) return { reached: true }
    return { reached: false, why: `it answered ${response.status}`, cause: undefined }
  } catch (error) {
    return { reached: false, why: reasonOf(error), cause: likelyCause(error) }
  }
}
