import { once } from 'node:events'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { buffer } from 'node:stream/consumers'

import { loopbackLookup } from '../../../runtime/net/index.ts'

/** What our own client gives `fetch`. */
interface Sent {
  method?: string
  headers?: Headers
  body?: string
  signal: AbortSignal
}

const WITHOUT_BODY = [204, 205, 304]

/** Takes the place of undici's, whose bounds a stand-in has no use for; nobody gives it to a request. */
export { Agent } from 'node:http'

/**
 * Takes the place of undici's `fetch` in the bundles of stand-ins: to load undici takes as long as to start one.
 * @throws the error of the connection, or the reason of the signal's end
 */
export async function fetch(url: URL, { method = 'GET', headers, body, signal }: Sent): Promise<Response> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const request = send(url, {
    method,
    headers: Object.fromEntries(new Headers(headers)),
    lookup: loopbackLookup,
    signal,
  })
  request.end(body)
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  const { statusCode: status = 0, headersDistinct } = answer
  const received = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const content = await buffer(answer)
  return new Response(WITHOUT_BODY.includes(status) ? null : content, { status, headers: received })
}
