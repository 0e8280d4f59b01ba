import type { IncomingHttpHeaders } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'

import { getRequestListener } from '@hono/node-server'

import type { Http1Response } from '../http1/index.ts'
import type { ClientRequest, ClientResponse } from '../proxy/index.ts'
import { hasBody, isHttp2 } from '../wire/index.ts'
import { asNodes } from './node-request.ts'

/**
 * Answers a request by a function over Web `Request` and `Response`.
 * @param request with `url` already canonical
 * @param origin of the site that was found by the request's Host
 */
export async function respondWith(
  request: ClientRequest,
  response: ClientResponse,
  origin: string,
  respond: (request: Request) => Promise<Response>,
): Promise<void> {
  const listen = getRequestListener(respond, { hostname: new URL(origin).host, overrideGlobalObjects: false })
  if (!isHttp2(request)) await listen(...asNodes(request, response as Http1Response))
  else {
    // The listener sees to bodies of other methods; of these nobody reads one.
    const isUnread = (request.method === 'GET' || request.method === 'HEAD') && hasBody(request)
    if (isUnread) response.once('finish', () => request.complete || request.stream.close())
    await listen(request, response as Http2ServerResponse)
  }
}

/** A page for people who follow links with a browser; everybody else is served JSON. */
export function wantsPage(headers: IncomingHttpHeaders): boolean {
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return headers.accept?.includes('text/html') === true && headers['x-requested-with'] === undefined
}
