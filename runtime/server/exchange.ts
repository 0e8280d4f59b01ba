import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Logger } from 'pino'

import { oneLine } from '../program/index.ts'
import { Refusal } from '../refusal.ts'
import { refusalResponse } from './refusal-response.ts'
import type { GatewayRelease } from './release.ts'
import { isStoreError } from '../store/index.ts'
import { respondWith, wantsPage } from './respond.ts'
import type { Site } from './sites.ts'

/** One request with what is known of it so far. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  release: GatewayRelease
  requestId: string
  log: Logger
}

/** Answers by a function over Web requests; what it throws is answered by the table of refusals. */
export async function answer(
  exchange: Exchange,
  site: Site | undefined,
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
      return refusalResponse(refusal, { requestId, page, address, brandName: site?.brand.name })
    }
  })
}

/** Says no; where an answer has begun already, breaks it off, so that the cut shows. */
export async function refuseWith(exchange: Exchange, site: Site | undefined, refusal: Refusal): Promise<void> {
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

function logRefusal({ log, requestId }: Exchange, refusal: Refusal): void {
  const level = refusal.code === 'internal' || refusal.code === 'store_unavailable' ? 'error' : 'info'
  log[level]({ requestId, code: refusal.code, reason: refusal.message, cause: causes(refusal.cause) }, 'Refused')
}

/** Messages and codes of an error and what caused it; bodies and tokens stay out. */
function causes(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? ` (${String(error.code)})` : ''
  const deeper = causes(error.cause)
  return `${oneLine(error)}${code}${deeper ? `: ${deeper}` : ''}`
}
