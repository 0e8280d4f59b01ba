import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import { hasBody } from '../wire/index.ts'
import { errorCode, type Exchange, fail, failureCode, UpstreamDeadline } from './exchange.ts'
import type { Forward } from './forward.ts'
import { NOTHING, pump } from './pump.ts'
import { requestHeaders, requestTrailers } from './request-headers.ts'
import { receiveAnswer, receiveInformation } from './response.ts'

/** May be sent again after a connection broke (RFC 9110 §9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'QUERY', 'PROPFIND', 'REPORT', 'SEARCH'])

/**
 * Passes a request on to its upstream and the answer back, as streams. Called after policy: a client that waits for
 * `100 Continue` gets it here. Returns at once; the end is the response's `close`, a fault is `forward.onFailure`.
 * @param req checked, its body untouched
 * @param res nothing written yet
 * @param forward what was decided about it
 */
export function proxyRequest(req: IncomingMessage, res: ServerResponse, forward: Forward): void {
  const exchange: Exchange = { req, res, forward, informed: 0, retried: false, over: false }
  const release = forward.upstream.acquire('requests')
  if (release === undefined) return fail(exchange, 'upstream_busy', new Error('too many requests are on their way'))
  watchClient(exchange, release)
  if (res.destroyed) return fail(exchange, 'client_gone', new Error('the client left before its request was passed on'))
  send(exchange)
}

/**
 * Ends the upstream's side with the client's.
 * @param exchange not over
 * @param release called once when the response is closed
 */
export function watchClient(exchange: Exchange, release: () => void): void {
  const { req, res } = exchange
  const gone = (cause?: Error): void =>
    fail(exchange, 'client_gone', cause ?? new Error('the client closed its connection'))
  req.on('error', gone)
  res.on('error', gone)
  res.once('close', () => {
    release()
    if (res.writableFinished) return
    gone()
    // Over, since the upstream had finished its part; the client had not taken it all.
    exchange.outgoing?.destroy()
  })
  if (res.destroyed) release()
}

function send(exchange: Exchange): void {
  const { req, forward } = exchange
  const closing = exchange.retried ? ['Connection', 'close'] : []
  const outgoing = open(exchange, { headers: [...requestHeaders(req, forward), ...closing], fresh: exchange.retried })
  if (outgoing === undefined) return
  const connection = watchConnection(exchange, outgoing, () => {
    if (waitsForContinue(req)) exchange.res.writeContinue()
  })
  outgoing.on('response', (answer) => receiveAnswer(exchange, answer))
  outgoing.on('information', (information) => receiveInformation(exchange, information))
  outgoing.on('error', (cause) => {
    if (!mayRetry(exchange, cause, connection)) return fail(exchange, failureCode(cause, connection.established), cause)
    exchange.retried = true
    send(exchange)
  })
  outgoing.on('close', () => {
    // Node ends a connection that switches protocols unasked without an error.
    if (outgoing === exchange.outgoing && !exchange.res.headersSent) {
      fail(exchange, 'upstream_protocol', new Error('the connection ended without an answer'))
    }
  })
  sendBody(exchange, outgoing)
}

/** Starts the upstream's side; undefined when it cannot be written as HTTP, and then the exchange has failed. */
export function open(
  exchange: Exchange,
  { headers, fresh }: { headers: string[]; fresh: boolean },
): ClientRequest | undefined {
  const { req, forward } = exchange
  try {
    exchange.outgoing = forward.upstream.request({ method: req.method ?? '', target: forward.target, headers, fresh })
    return exchange.outgoing
  } catch (cause) {
    fail(exchange, 'request_invalid', cause)
    return undefined
  }
}

/** What is known about the connection that a request was given. */
export interface Connection {
  established: boolean
  /** What the socket had received before this request. */
  receivedBefore: number
}

/**
 * Keeps a request's deadlines: to connect, then to answer once it is sent, then (`receiveAnswer`) between bytes.
 * @param exchange what it is part of
 * @param outgoing just started
 * @param connected called once, when bytes can go out
 */
export function watchConnection(exchange: Exchange, outgoing: ClientRequest, connected: () => void): Connection {
  const { limits } = exchange.forward.upstream
  const connection: Connection = { established: false, receivedBefore: 0 }
  const established = (): void => {
    connection.established = true
    outgoing.setTimeout(outgoing.writableFinished ? limits.firstByteMs : limits.idleMs)
    connected()
  }
  outgoing.once('socket', (socket: Socket) => {
    connection.receivedBefore = socket.bytesRead
    if (!socket.connecting) return established()
    const late = (): void => void outgoing.destroy(new UpstreamDeadline(`no connection in ${limits.connectMs} ms`))
    const deadline = setTimeout(late, limits.connectMs)
    outgoing.once('close', () => clearTimeout(deadline))
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
      clearTimeout(deadline)
      established()
    })
    return undefined
  })
  outgoing.once('finish', () => exchange.res.headersSent || outgoing.setTimeout(limits.firstByteMs))
  outgoing.on('timeout', () => {
    if (waitsForClient(exchange, outgoing))
      fail(exchange, 'client_gone', new Error('the client was silent for too long'))
    else outgoing.destroy(new UpstreamDeadline('the upstream was silent for too long'))
  })
  return connection
}

/** It does not read the answer, or does not send the rest of its request. */
function waitsForClient({ res }: Exchange, outgoing: ClientRequest): boolean {
  return res.writableNeedDrain || (!outgoing.writableEnded && !outgoing.writableNeedDrain)
}

function sendBody(exchange: Exchange, outgoing: ClientRequest): void {
  const { req, forward } = exchange
  if (!hasBody(req)) {
    outgoing.end()
    return
  }
  // The upstream may refuse by the head alone.
  outgoing.write(NOTHING)
  pump(req, outgoing, () => {
    if (outgoing.destroyed) return
    if (req.rawTrailers.length > 0) outgoing.addTrailers(requestTrailers(req, forward))
    outgoing.end()
  })
}

/** A kept connection that the upstream closed while the request was on its way, as the upstream may (RFC 9112 §9.3.1). */
function mayRetry(exchange: Exchange, cause: Error, connection: Connection): boolean {
  const { req, outgoing } = exchange
  if (exchange.over || exchange.retried || exchange.informed > 0 || hasBody(req)) return false
  if (!outgoing?.reusedSocket || !IDEMPOTENT.has(req.method ?? '')) return false
  const untouched = outgoing.socket?.bytesRead === connection.receivedBefore
  return untouched && ['ECONNRESET', 'EPIPE'].includes(errorCode(cause))
}

function waitsForContinue(req: IncomingMessage): boolean {
  return req.httpVersion === '1.1' && /(?:^|\W)100-continue(?:$|\W)/i.test(req.headers.expect ?? '')
}
