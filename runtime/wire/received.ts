import type { Http2ServerRequest } from 'node:http2'

import type { Http1Request } from '../http1/index.ts'

/** A request as it came, by either protocol; by HTTP/2 `presentAsHttp1` has put its fields into HTTP/1.1's form. */
export type ReceivedRequest = Http1Request | Http2ServerRequest

/** What is needed of a response, by either protocol, to answer at once. */
export interface PlainAnswer {
  readonly headersSent: boolean
  readonly destroyed: boolean
  writeHead(status: number, headers: Record<string, string>): unknown
  end(text: string): unknown
}

/** @returns whether a request came by HTTP/2 */
export function isHttp2(req: ReceivedRequest): req is Http2ServerRequest {
  return 'stream' in req
}
