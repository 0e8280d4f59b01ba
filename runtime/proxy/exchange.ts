import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'

import type { Forward, ProxyFailureCode } from './forward.ts'

/** One request on its way through the proxy. */
export interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly forward: Forward
  /** The upstream's side; the second one after a retry. */
  outgoing?: ClientRequest
  /** Something was said to the client, an early hint at least: too late for a second try. */
  informed: number
  retried: boolean
  /** Answered in full, or failed: nothing that happens later counts. */
  over: boolean
}

/** Our own deadline on the upstream's side. */
export class UpstreamDeadline extends Error {
  override name = 'UpstreamDeadline'
}

/** How long what is left of a request is read after its answer, so that the client gets to see that; in milliseconds. */
const LINGER_MS = 5_000

/**
 * Ends an exchange that cannot be completed. A client that has seen part of the answer loses its connection, so that the
 * cut is visible; one that has seen nothing is left to the caller.
 * @param exchange does nothing when it is over
 * @param code why
 * @param cause for the log
 */
export function fail(exchange: Exchange, code: ProxyFailureCode, cause: unknown): void {
  if (exchange.over) return
  exchange.over = true
  const { req, res, forward } = exchange
  exchange.outgoing?.destroy()
  const answerable = !res.headersSent && !res.destroyed && code !== 'client_gone'
  if (answerable) discardRest(req)
  // Without chunks, an ordinary end would look like the end of the content (RFC 9112 §6.3).
  else if (req.httpVersion === '1.0') req.socket.resetAndDestroy()
  else req.socket.destroy()
  forward.onFailure({ code, cause, answerable })
}

/**
 * Names a fault of the upstream's side.
 * @param cause the error that Node gave
 * @param connected whether there had been a connection
 */
export function failureCode(cause: Error, connected: boolean): ProxyFailureCode {
  if (cause instanceof UpstreamDeadline) return 'upstream_timeout'
  if (!connected) return 'upstream_unreachable'
  return errorCode(cause).startsWith('HPE_') ? 'upstream_protocol' : 'upstream_closed'
}

/** @returns Node's code of an error; empty where it has none */
export function errorCode(error: NodeJS.ErrnoException): string {
  return error.code ?? ''
}

/**
 * Reads and forgets what is left of a request that has its answer: closing at once would make the client lose the answer
 * (RFC 9112 §9.6). Whoever goes on sending loses the connection.
 */
export function discardRest(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return
  const { socket } = req
  req.removeAllListeners('data')
  req.resume()
  const deadline = setTimeout(() => socket.destroy(), LINGER_MS).unref()
  req.once('close', () => clearTimeout(deadline))
}
