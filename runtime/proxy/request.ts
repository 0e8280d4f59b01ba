import type { ClientRequest, ClientResponse } from './client.ts'
import { ProxyExchange } from './exchange.ts'
import type { Forward } from './forward.ts'

/**
 * Passes a request on to its upstream and the answer back, as streams. Called after policy: a client that waits for
 * `100 Continue` gets it here. Returns at once; the end is the response's `close`, a fault is `forward.onFailure`.
 * @param req checked, its body untouched; HTTP/1, or HTTP/2 by Node's compatibility class
 * @param res nothing written yet
 * @param forward what was decided about it
 */
export function proxyRequest(req: ClientRequest, res: ClientResponse, forward: Forward): void {
  new ProxyExchange(req, res, forward).start()
}
