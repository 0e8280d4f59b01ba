import type { ClientRequest } from '../proxy/index.ts'

/** What the decision about a request is made from. */
export interface AccessRequest {
  method: string
  /** The canonical one. */
  path: string
  /** Of the client; empty where it is not known. */
  ip: string
  /** A browser asks whether a page may send a request (Fetch Standard §3.2.2); it never sends a cookie along. */
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
  { method = '', headers }: Pick<ClientRequest, 'method' | 'headers'>,
  path: string,
  ip: string,
): AccessRequest {
  const isPreflight =
    method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined
  return { method, path, ip, isPreflight, cookie: headers.cookie, authorization: headers.authorization }
}
