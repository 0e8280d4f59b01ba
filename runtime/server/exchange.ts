import { randomUUID } from 'node:crypto'

import type { Logger } from 'pino'

import type { Client } from '../limits/index.ts'
import { type Metrics, NO_ROUTE, type RequestMetrics } from '../metrics/index.ts'
import { oneLine } from '../program/index.ts'
import type { ClientRequest, ClientResponse } from '../proxy/index.ts'
import { Refusal } from '../refusal.ts'
import { writeAccess } from './access-log.ts'
import { refusalResponse } from './refusal-response.ts'
import type { GatewayRelease } from './release.ts'
import { isStoreError } from '../store/index.ts'
import { respondWith, wantsPage } from './respond.ts'
import type { RouteSite, Site } from './sites.ts'

/** What is the same for all exchanges of a process. */
export interface ExchangeSurroundings {
  log: Logger
  metrics: Metrics
}

/** One request with what is known of it so far. */
export class Exchange<
  Incoming extends ClientRequest = ClientRequest,
  Outgoing extends ClientResponse = ClientResponse,
> {
  readonly request: Incoming
  readonly response: Outgoing
  /** The one that it began with; an open WebSocket goes on with each new one. */
  release: GatewayRelease
  readonly requestId = randomUUID()
  readonly log: Logger
  readonly metrics: Metrics
  /** Who asks, by the peer and the proxies that we trust. */
  readonly client: Client
  /** Id of the route, once it is found. */
  route: string | undefined
  /** Id of who was let in. */
  person: string | undefined
  readonly #began = performance.now()
  readonly #path: string
  #counted: RequestMetrics | undefined

  constructor(request: Incoming, response: Outgoing, release: GatewayRelease, { log, metrics }: ExchangeSurroundings) {
    this.request = request
    this.response = response
    this.release = release
    this.log = log
    this.metrics = metrics
    this.client = release.context.limits.clientOf(request)
    this.#path = pathOf(request.url ?? '')
    response.on('close', () => this.#closed())
  }

  /** The client's address, as rules are told it: empty where nobody knows it. */
  get ip(): string {
    return this.client.known ? this.client.address : ''
  }

  /** Says where it is counted, once that is known. */
  count(metrics: RequestMetrics): void {
    this.#counted = metrics
    metrics.begin()
  }

  #closed(): void {
    const { request, response, requestId, route, person } = this
    const ms = performance.now() - this.#began
    const method = request.method ?? ''
    const status = response.headersSent ? response.statusCode : 0
    const complete = status !== 0 && response.writableFinished && !wasReset(response)
    const entry = { requestId, method, host: request.headers.host, path: this.#path, ms, route, person, complete }
    writeAccess(this.log, { ...entry, status })
    const counted = this.#counted ?? this.metrics.route(NO_ROUTE)
    if (!this.#counted) counted.begin()
    counted.done(method, status, ms)
  }
}

/** An HTTP/2 stream that was taken back ends like any other. */
function wasReset(response: ClientResponse): boolean {
  return 'stream' in response && response.stream.rstCode !== 0
}

/** Without the query, which may hold codes and what people searched for. */
function pathOf(url: string): string {
  const mark = url.indexOf('?')
  return mark === -1 ? url : url.slice(0, mark)
}

/** Answers by a function over Web requests; what it throws is answered by the table of refusals. */
export async function answer(
  exchange: Exchange,
  site: Site | RouteSite | undefined,
  respond: (request: Request) => Promise<Response>,
) {
  const { request, response } = exchange
  await respondWith(request, response, site?.origin ?? 'http://unknown.invalid', async (webRequest) => {
    try {
      return await respond(webRequest)
    } catch (error) {
      const refusal = asRefusal(error)
      logRefusal(exchange, refusal)
      const { requestId } = exchange
      const page = wantsPage(request.headers)
      const address = request.method === 'GET' ? request.url : undefined
      return refusalResponse(refusal, { requestId, page, address, brand: site?.brand, request: webRequest })
    }
  })
}

/** Says no; where an answer has begun already, breaks it off, so that the cut shows. */
export async function refuseWith(
  exchange: Exchange,
  site: Site | RouteSite | undefined,
  refusal: Refusal,
): Promise<void> {
  if (exchange.response.headersSent) {
    logRefusal(exchange, refusal)
    exchange.response.destroy()
    return
  }
  await answer(exchange, site, () => Promise.reject(refusal))
}

/** What nobody expected is refused as `internal`. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (isStoreError(error)) return new Refusal('store_unavailable', 'the store failed', { cause: error })
  return new Refusal('internal', 'unexpected error', { cause: error })
}

/** What is said to nobody else. `internal` is somebody's to look at; of a store that fails there is one line for all of them. */
export function logRefusal({ log, metrics, requestId }: Exchange, refusal: Refusal): void {
  if (refusal.code === 'store_unavailable') metrics.storeFailed()
  const level = refusal.code === 'internal' ? 'error' : 'info'
  log[level]({ requestId, code: refusal.code, reason: refusal.message, cause: causes(refusal.cause) }, 'Refused')
}

/** Messages and codes of an error and what caused it; bodies and tokens stay out. */
function causes(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? ` (${String(error.code)})` : ''
  const deeper = causes(error.cause)
  return `${oneLine(error)}${code}${deeper ? `: ${deeper}` : ''}`
}
