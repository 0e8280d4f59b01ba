import type { Duplex } from 'node:stream'

import type { Http1Request, Http1Response } from '../http1/index.ts'
import type { AnswerHead, Endpoint, OutgoingExchange, OutgoingHead, Place } from '../upstreams/contract.ts'
import { ProxyExchange } from './exchange.ts'
import type { Forward } from './forward.ts'
import { informationHeaders } from './response-headers.ts'
import { openTunnel, type Tunnel } from './tunnel.ts'
import { webSocketAccept } from './websocket.ts'

/**
 * Passes a WebSocket handshake on. What the client sends after it is held back until the upstream has agreed with the
 * right key; any other answer goes to the client as an ordinary one, and its connection ends.
 * @param req checked, its Origin allowed; HTTP/1.1
 * @param res nothing written yet
 * @param forward what was decided about it
 * @returns the open tunnel; undefined when there is none, be it refused by the upstream or failed (`forward.onFailure`)
 * @see RFC 6455 §4, RFC 9110 §7.8
 */
export function proxyUpgrade(req: Http1Request, res: Http1Response, forward: Forward): Promise<Tunnel | undefined> {
  return new Promise((resolve) => {
    // No tunnel comes of it, whatever the reason; after one was given this does nothing.
    res.once('close', () => resolve(undefined))
    new Handshake({ req, res, forward }, resolve).start()
    if (res.destroyed) resolve(undefined)
  })
}

interface Client {
  req: Http1Request
  res: Http1Response
  forward: Forward
}

class Handshake extends ProxyExchange {
  readonly #client: Client
  readonly #opened: (tunnel: Tunnel) => void

  constructor(client: Client, opened: (tunnel: Tunnel) => void) {
    super(client.req, client.res, client.forward)
    this.#client = client
    this.#opened = opened
  }

  protected override choose(tried: readonly Endpoint[]): Place | undefined {
    return this.forward.route.upstreams.choose('tunnels', tried)
  }

  protected override send(endpoint: Endpoint, head: OutgoingHead): OutgoingExchange {
    const headers = [...head.headers, 'Connection', 'Upgrade', 'Upgrade', 'websocket']
    return endpoint.upgrade({ ...head, headers }, this, (answer, upstream, first) =>
      this.#switch(answer, upstream, first),
    )
  }

  #switch(answer: AnswerHead, upstream: Duplex, first: Buffer): void {
    const problem = handshakeProblem(this.#client.req, answer)
    if (this.isOver || problem !== undefined) {
      // Nobody listens to it any more.
      upstream.on('error', () => undefined).destroy()
      return this.fail('upstream_protocol', new Error(problem))
    }
    const { res, forward } = this.#client
    this.leave()
    const { socket: client, head } = res.detachSocket()
    const fields = informationHeaders(answer.headers, this.place?.endpoint.origin ?? '', forward)
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket']
    for (let index = 0; index < fields.length; index += 2) lines.push(`${fields[index]}: ${fields[index + 1]}`)
    client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
    client.write(first)
    upstream.write(head)
    const tunnel = openTunnel(client, upstream, forward.route.timeouts.idleMs)
    const { place } = this
    void tunnel.closed.then(() => place?.release('answered'))
    return this.#opened(tunnel)
  }
}

function handshakeProblem({ headers }: Http1Request, answer: AnswerHead): string | undefined {
  if (fieldValue(answer.headers, 'upgrade').toLowerCase() !== 'websocket') {
    return 'the upstream switched to another protocol'
  }
  const accept = webSocketAccept(headers['sec-websocket-key'] ?? '')
  const isUnderstood = fieldValue(answer.headers, 'sec-websocket-accept') === accept
  return isUnderstood ? undefined : 'the upstream did not understand the handshake'
}

/** @returns all values of a field, joined; empty where it is not there */
function fieldValue(headers: readonly string[], wanted: string): string {
  return headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === wanted).join(', ')
}
