import type { IncomingHttpHeaders } from 'node:http'

import { getRequestListener } from '@hono/node-server'

import type { ClientRequest, ClientResponse } from '../proxy/index.ts'
import { hasBody, isHttp2 } from '../wire/index.ts'

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
  // The listener sees to bodies of other methods; of these nobody reads one, and no timeout would end the connection.
  if ((request.method === 'GET' || request.method === 'HEAD') && hasBody(request)) endUnread(request, response)
  const listen = getRequestListener(respond, { hostname: new URL(origin).host, overrideGlobalObjects: false })
  await listen(request, response)
}

/** A page for people who follow links with a browser; everybody else is served JSON. */
export function wantsPage(headers: IncomingHttpHeaders): boolean {
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return headers.accept?.includes('text/html') === true && headers['x-requested-with'] === undefined
}

/** HTTP/2 ends the stream alone. */
function endUnread(request: ClientRequest, response: ClientResponse): void {
  if (isHttp2(request)) {
    response.once('finish', () => request.complete || request.stream.close())
    return
  }
  response.setHeader('connection', 'close')
  response.once('finish', () => request.complete || request.socket.destroySoon())
}
