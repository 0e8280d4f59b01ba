import type { IncomingMessage } from 'node:http'

import { SERVED_METHODS } from './method.ts'
import type { PlainAnswer } from './received.ts'
import type { WireRefusal } from './refusal.ts'

/** Connections on which a request was refused. */
const refused = new WeakSet<object>()

/**
 * Says whether a request comes behind one that was refused, on the same HTTP/1 connection: it may be part of that one, and is
 * nobody's to answer.
 * @param req just received
 */
export function followsRefused(req: Pick<IncomingMessage, 'socket'>): boolean {
  return refused.has(req.socket)
}

/**
 * Answers a refused request in plain text and ends the connection: what follows on it cannot be trusted to be a request
 * (RFC 9112 §6.3). HTTP/2 frames its requests apart, so there only the stream ends. Does nothing when the answer has begun.
 * @param res the response, or for an upgrade what `upgradeResponse` gave
 * @param refusal what `checkRequest` or `canonicalTarget` said
 */
export function refuse(res: PlainAnswer, refusal: WireRefusal): void {
  if (res.headersSent || res.destroyed) return
  const text = `${refusal.status} ${refusal.code}: ${refusal.reason}\n`
  const headers: Record<string, string> = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  }
  if (!('stream' in res)) {
    headers['Connection'] = 'close'
    if (res.req) refused.add(res.req.socket)
  }
  // RFC 9110 §15.5.6
  if (refusal.status === 405) headers['Allow'] = [...SERVED_METHODS].join(', ')
  res.writeHead(refusal.status, headers)
  res.end(text)
}
