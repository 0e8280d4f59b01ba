import type { IncomingMessage, InformationEvent } from 'node:http'

import { discardRest, type Exchange, fail } from './exchange.ts'
import { NOTHING, pump } from './pump.ts'
import { type AnswerShape, informationHeaders, responseHeaders, responseTrailers } from './response-headers.ts'

/** They are kept in memory for a client that does not read. */
const MAX_INFORMATION = 16

/**
 * Passes an upstream's answer on to the client as it arrives.
 * @param exchange what it answers
 * @param answer the answer, unread
 */
export function receiveAnswer(exchange: Exchange, answer: IncomingMessage): void {
  const { req, res, forward, outgoing } = exchange
  const closed = (cause?: Error): void =>
    fail(exchange, 'upstream_closed', cause ?? new Error('the answer was cut short'))
  answer.on('error', closed)
  const problem = answerProblem(answer)
  if (problem !== undefined) return fail(exchange, 'upstream_protocol', new Error(problem))
  outgoing?.setTimeout(forward.upstream.limits.idleMs)
  const shape = answerShape(req, answer)
  try {
    res.writeHead(answer.statusCode ?? 0, answer.statusMessage ?? '', responseHeaders(answer, forward, shape))
  } catch (cause) {
    res.statusMessage = ''
    return fail(exchange, 'upstream_protocol', cause)
  }
  pump(answer, res, () => {
    if (!answer.complete) return closed()
    exchange.over = true
    // The upstream is done, and its limit with it; what a client does not read must not stay for ever.
    res.setTimeout(forward.upstream.limits.idleMs)
    if (shape.trailers) res.addTrailers(responseTrailers(answer))
    res.end()
  })
  answer.on('close', () => answer.complete || closed())
  // An upstream that answers early has decided without the rest; nobody waits for it.
  res.once('finish', () => {
    if (req.complete) return
    outgoing?.destroy()
    discardRest(req)
  })
  sendHeadEarly(exchange, answer)
}

/**
 * Passes an informational answer on: early hints, progress. `100 Continue` is not among them, since it is ours to say
 * (RFC 9110 §10.1.1), and no HTTP/1.0 client gets any (§15.2).
 */
export function receiveInformation(exchange: Exchange, information: InformationEvent): void {
  const { req, res, forward } = exchange
  if (information.statusCode === 100 || req.httpVersion === '1.0' || exchange.over || res.headersSent) return
  // Node learnt to write any of them in 26.2; without it hints are lost, which is what hints are for.
  if (exchange.informed >= MAX_INFORMATION || !('writeInformation' in res)) return
  exchange.informed += 1
  res.writeInformation(information.statusCode, informationHeaders(information.rawHeaders, forward))
}

/** What Node's parser lets through and no client should get. */
function answerProblem(answer: IncomingMessage): string | undefined {
  const coding = answer.headers['transfer-encoding']
  if (answer.statusCode === 101) return 'the upstream switched protocols without being asked to'
  if (coding === undefined) return undefined
  if (coding.toLowerCase() !== 'chunked') return 'the upstream used a transfer coding that nobody asked for'
  return answer.headers['content-length'] === undefined ? undefined : 'the answer has two framings'
}

/** @see RFC 9112 §6.3 for who has content at all, RFC 9110 §8.6 for 204, §6.5 for trailers */
function answerShape(req: IncomingMessage, answer: IncomingMessage): AnswerShape {
  const empty = answer.statusCode === 204 || answer.statusCode === 304
  const chunked = answer.headers['transfer-encoding'] !== undefined
  return { length: !empty, trailers: chunked && !empty && req.method !== 'HEAD' && req.httpVersion === '1.1' }
}

/** Event streams say nothing for minutes, and their readers wait for the head; a short answer goes out in one piece. */
function sendHeadEarly({ res }: Exchange, answer: IncomingMessage): void {
  let begun = false
  answer.once('data', () => (begun = true))
  process.nextTick(() => {
    if (!begun && !answer.complete && !res.writableEnded && !res.destroyed) res.write(NOTHING)
  })
}
