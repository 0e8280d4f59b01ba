import { type Http1Response, Http1Server, type Malformed } from '../http1/index.ts'
import { hasBody, isWebSocketUpgrade, refuse, wireRefusal } from '../wire/index.ts'
import type { ListenerHandlers } from './listener.ts'

/** Makes the server that speaks HTTP/1.1 on connections that are handed to it. */
export function createHttp1Part({ request, upgrade }: ListenerHandlers): Http1Server {
  return new Http1Server({
    request(incoming, response) {
      // A handshake with a body stays a request, where `checkRequest` refuses it.
      if (isWebSocketUpgrade(incoming) && !hasBody(incoming)) upgrade(incoming, response)
      else request(incoming, response)
    },
    refuse: refuseMalformed,
  })
}

function refuseMalformed(response: Http1Response, problem: Malformed): void {
  refuse(response, wireRefusal(problem))
}
