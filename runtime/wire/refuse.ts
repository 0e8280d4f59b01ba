import type { ServerResponse } from 'node:http'

import { SERVED_METHODS } from './method.ts'
import type { WireRefusal } from './refusal.ts'

/**
 * Answers a refused request in plain text and ends the connection: what follows on it cannot be trusted to be a request
 * (RFC 9112 §6.3). Does nothing when the answer has begun already.
 * @param res the response, or for an upgrade what `upgradeResponse` gave
 * @param refusal what `checkRequest` or `canonicalTarget` said
 */
export function refuse(res: ServerResponse, refusal: WireRefusal): void {
  if (res.headersSent || res.destroyed) return
  const text = `${refusal.status} ${refusal.code}: ${refusal.reason}\n`
  const headers: Record<string, string> = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  }
  // RFC 9110 §15.5.6
  if (refusal.status === 405) headers['Allow'] = [...SERVED_METHODS].join(', ')
  res.writeHead(refusal.status, headers)
  res.end(text)
}
