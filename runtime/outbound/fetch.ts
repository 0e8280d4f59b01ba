import { Agent, fetch as undiciFetch, type RequestInit } from 'undici'

import { loopbackLookup } from '../net/index.ts'

/** How long a call to an identity provider may take altogether, in milliseconds. */
const TIMEOUT_MS = 10_000

const agent = new Agent({
  connect: { lookup: loopbackLookup, timeout: 3_000 },
  headersTimeout: TIMEOUT_MS,
  bodyTimeout: TIMEOUT_MS,
  maxResponseSize: 1024 * 1024,
})

/**
 * `fetch` for calls to identity providers: reaches `*.localhost`, never follows a redirect, gives up after ten
 * seconds and refuses bodies above one MiB.
 * @throws TypeError when the server cannot be reached, DOMException (`TimeoutError`) when it is too slow
 */
export async function boundedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS)
  const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline
  const response = await undiciFetch(url, { redirect: 'manual', ...init, signal, dispatcher: agent })
  return response
}
