import type { Dispatcher, RequestInit } from 'undici'

import { loopbackLookup } from '../net/index.ts'

/** How long a call to an identity provider may take altogether, in milliseconds. */
const TIMEOUT_MS = 10_000

/** The client and its connections; loaded at the first call, because most commands of an operator make none. */
let client: Promise<{ fetch: typeof import('undici').fetch; dispatcher: Dispatcher }> | undefined

/**
 * `fetch` for calls to identity providers: reaches `*.localhost`, never follows a redirect, gives up after ten
 * seconds and refuses bodies above one MiB.
 * @throws TypeError when the server cannot be reached, DOMException (`TimeoutError`) when it is too slow
 */
export async function boundedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  client ??= loadClient()
  const { fetch, dispatcher } = await client
  const deadline = AbortSignal.timeout(TIMEOUT_MS)
  const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline
  return fetch(url, { ...init, redirect: 'manual', signal, dispatcher })
}

async function loadClient() {
  const { Agent, fetch } = await import('undici')
  const dispatcher = new Agent({
    connect: { lookup: loopbackLookup, timeout: 3_000 },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    maxResponseSize: 1024 * 1024,
  })
  return { fetch, dispatcher }
}
