import { SERVED_METHODS } from './method.ts'
import type { PlainAnswer } from './received.ts'
import type { WireRefusal } from './refusal.ts'

/**
 * Answers a refused request in plain text and ends the connection: what follows on it cannot be trusted to be a request
 * (RFC 9112 §6.3). HTTP/2 frames its requests apart, so there only the stream ends. Does nothing when the answer has begun.
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
  if (!('stream' in res)) headers['Connection'] = 'close'
  // RFC 9110 §15.5.6
  if (refusal.status === 405) headers['Allow'] = [...SERVED_METHODS].join(', ')
  res.writeHead(refusal.status, headers)
  res.end(text)
}
