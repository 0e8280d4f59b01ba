import type { IncomingMessage, ServerResponse } from 'node:http'

import { getRequestListener } from '@hono/node-server'

import { hasBody } from '../wire/index.ts'

/**
 * Answers a request by a function over Web `Request` and `Response`.
 * @param request with `url` already canonical
 * @param origin of the site that was found by the request's Host
 */
export async function respondWith(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  respond: (request: Request) => Promise<Response>,
): Promise<void> {
  // The listener sees to bodies of other methods; of these nobody reads one, and no timeout would end the connection.
  if ((request.method === 'GET' || request.method === 'HEAD') && hasBody(request)) {
    response.setHeader('connection', 'close').once('finish', () => request.complete || request.socket.destroySoon())
  }
  const listen = getRequestListener(respond, { hostname: new URL(origin).host, overrideGlobalObjects: false })
  await listen(request, response)
}

/** A page for people who follow links with a browser; everybody else is served JSON. */
export function wantsPage(headers: IncomingMessage['headers']): boolean {
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return headers.accept?.includes('text/html') === true && headers['x-requested-with'] === undefined
}
