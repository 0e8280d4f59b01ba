import type { IncomingHttpHeaders } from 'node:http'

import type { ClientRequest } from '../proxy/index.ts'

/** What the decision about a request is made from. */
export interface AccessRequest {
  method: string
  /** The canonical one. */
  path: string
  /** Of the client; empty where it is not known. */
  ip: string
  /** A browser asks whether a page may send a request. */
  isPreflight: boolean
  cookie: string | undefined
  authorization: string | undefined
}

/**
 * Reads what the decision is made from.
 * @param path the canonical one; what the request says itself is not looked at
 * @param ip of the client
 */
export function accessRequest(
  { method, headers }: Pick<ClientRequest, 'method' | 'headers'>,
  path: string,
  ip: string,
): AccessRequest {
  const { cookie, authorization } = headers
  return { method, path, ip, isPreflight: method === 'OPTIONS' && isPreflight(headers), cookie, authorization }
}

/** What a browser asks with, which has neither credentials nor content (Fetch Standard §4.8). */
function isPreflight(headers: IncomingHttpHeaders): boolean {
  if (headers.origin === undefined || headers['access-control-request-method'] === undefined) return false
  if (headers.cookie !== undefined || headers.authorization !== undefined) return false
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
}
