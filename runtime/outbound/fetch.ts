import type { Dispatcher, RequestInit } from 'undici'

import { isLoopbackHost, loopbackLookup } from '../net/index.ts'
import { boundBody } from './bounded-body.ts'
import { publicLookup, requirePublicLiteral } from './public-lookup.ts'

/** How long a call to an identity provider may take altogether, in milliseconds. */
const TIMEOUT_MS = 10_000

/** As `fetch` takes it, and where the call may lead to. */
export interface BoundedInit extends RequestInit {
  /**
   * True: anywhere. False: to public addresses alone, judged by what the name resolves to when the connection is made.
   * Left out: an address of this machine by its own name (`localhost`, 127.0.0.1…) is its own permission, and all others are
   * to be public.
   */
  allowPrivateAddresses?: boolean
}

/** The client and its connections; loaded at the first call, because most commands of an operator make none. */
let client: Promise<Client> | undefined

interface Client {
  fetch: typeof import('undici').fetch
  /** Two pools: a connection that one call may use must not be there for another that may not. */
  anywhere: Dispatcher
  publicOnly: Dispatcher
}

/**
 * `fetch` for calls to identity providers: reaches `*.localhost`, never follows a redirect, gives up after ten
 * seconds and refuses bodies above one MiB.
 * @throws TypeError when the server cannot be reached, also when its address is private without permission (the cause
 *   is a PrivateAddressError, code `ERR_PRIVATE_ADDRESS`); DOMException (`TimeoutError`) when it is too slow
 */
export async function boundedFetch(url: string | URL, init: BoundedInit = {}): Promise<Response> {
  const { allowPrivateAddresses, ...rest } = init
  const target = new URL(url)
  const isOpen = allowPrivateAddresses ?? isLoopbackHost(target.hostname)
  if (!isOpen) refuseLiteral(target)
  client ??= loadClient()
  const { fetch, anywhere, publicOnly } = await client
  const deadline = AbortSignal.timeout(TIMEOUT_MS)
  const signal = rest.signal ? AbortSignal.any([rest.signal, deadline]) : deadline
  const dispatcher = isOpen ? anywhere : publicOnly
  return boundBody(await fetch(target, { ...rest, redirect: 'manual', signal, dispatcher }))
}

function refuseLiteral(target: URL): void {
  try {
    requirePublicLiteral(target)
  } catch (cause) {
    throw new TypeError('fetch failed', { cause })
  }
}

async function loadClient(): Promise<Client> {
  const { Agent, fetch } = await import('undici')
  const bounds = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS, maxResponseSize: 1024 * 1024 }
  return {
    fetch,
    anywhere: new Agent({ ...bounds, connect: { lookup: loopbackLookup, timeout: 3_000 } }),
    publicOnly: new Agent({ ...bounds, connect: { lookup: publicLookup, timeout: 3_000 } }),
  }
}
