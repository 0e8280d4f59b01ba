import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import type { TestCertificate } from './tls.ts'

/** One request to an emulator, read to its end. */
export interface Asked {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: string
}

export interface Answered {
  status?: number
  headers?: Record<string, string>
  /** JSON when it is no text. */
  body?: unknown
}

/** Answers a request; undefined leaves it to the next one. */
export type Handler = (asked: Asked) => Answered | undefined | Promise<Answered | undefined>

/** What a test makes the whole vendor do for a while. */
export interface Faults {
  /** Called before every request; an answer is given instead of the real one, `hang` gives none at all. */
  before?: ((asked: Asked) => Answered | 'hang' | undefined) | undefined
  /** Called when a request was carried out and before it is answered: `hang` keeps the answer back. */
  after?: ((asked: Asked, answered: Answered) => 'hang' | undefined) | undefined
}

/** A vendor's servers on one port of this machine; every name under `gw.localhost` leads there. */
export interface VendorServer {
  port: number
  faults: Faults
  /** Every request that was answered, oldest first: `METHOD /path`. */
  log: string[]
  close(): Promise<void>
}

/**
 * Starts an HTTPS server.
 * @param handlers asked in their order; a request that none answers gets 404
 */
export async function startVendorServer(
  certificate: TestCertificate,
  handlers: readonly Handler[],
): Promise<VendorServer> {
  const faults: Faults = {}
  const log: string[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `https://${request.headers.host}`)
    const asked: Asked = { method: request.method ?? 'GET', url, headers: request.headers, body: await text(request) }
    const failure = faults.before?.(asked)
    if (failure === 'hang') return
    const answered = failure ?? (await firstAnswer(handlers, asked))
    log.push(`${asked.method} ${url.pathname}`)
    if (faults.after?.(asked, answered) === 'hang') return
    send(response, answered)
  }

  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A mistake of the emulator: loud, so that no test takes it for the vendor's word.
      console.error(error)
      send(response, { status: 500, body: { emulator: String(error) } })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    faults,
    log,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

async function firstAnswer(handlers: readonly Handler[], asked: Asked): Promise<Answered> {
  for (const handler of handlers) {
    const answered = await handler(asked)
    if (answered) return answered
  }
  return { status: 404, body: { error: 'not_found' } }
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Answered): void {
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/html; charset=utf-8' : 'application/json', ...headers })
  response.end(body === undefined || isText ? (body ?? '') : JSON.stringify(body))
}
