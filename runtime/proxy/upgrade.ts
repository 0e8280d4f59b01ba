import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import { type Exchange, fail, failureCode } from './exchange.ts'
import type { Forward } from './forward.ts'
import { requestHeaders } from './request-headers.ts'
import { open, watchClient, watchConnection } from './request.ts'
import { informationHeaders } from './response-headers.ts'
import { receiveAnswer } from './response.ts'
import { openTunnel, type Tunnel } from './tunnel.ts'
import { webSocketAccept } from './websocket.ts'

/**
 * Passes a WebSocket handshake on. What the client sends after it is held back until the upstream has agreed with the
 * right key; any other answer goes to the client as an ordinary one, and its connection ends.
 * @param req checked, its Origin allowed
 * @param res what `upgradeResponse` gave for it
 * @param head what the `upgrade` event gave: bytes that came with the handshake
 * @param forward what was decided about it
 * @returns the open tunnel; undefined when there is none, be it refused by the upstream or failed (`forward.onFailure`)
 * @see RFC 6455 §4, RFC 9110 §7.8
 */
export function proxyUpgrade(
  req: IncomingMessage,
  res: ServerResponse,
  head: Buffer,
  forward: Forward,
): Promise<Tunnel | undefined> {
  return new Promise((resolve) => {
    const exchange: Exchange = { req, res, forward, informed: 0, retried: true, over: false }
    const release = forward.upstream.acquire('tunnels')
    // No tunnel comes of it, whatever the reason; after one was given this does nothing.
    res.once('close', () => resolve(undefined))
    if (release === undefined) return fail(exchange, 'upstream_busy', new Error('too many tunnels are open'))
    watchClient(exchange, release)
    if (res.destroyed) {
      resolve(undefined)
      return fail(exchange, 'client_gone', new Error('the client left before its handshake was passed on'))
    }
    const headers = [...requestHeaders(req, forward), 'Connection', 'Upgrade', 'Upgrade', 'websocket']
    const outgoing = open(exchange, { headers, fresh: true })
    if (outgoing === undefined) return undefined
    const connection = watchConnection(exchange, outgoing, () => undefined)
    outgoing.on('error', (cause) => fail(exchange, failureCode(cause, connection.established), cause))
    outgoing.on('response', (answer) => receiveAnswer(exchange, answer))
    outgoing.on('upgrade', (answer, upstream, first) => {
      const problem = handshakeProblem(req, answer)
      if (exchange.over || problem !== undefined) {
        upstream.destroy()
        return fail(exchange, 'upstream_protocol', new Error(problem))
      }
      const tunnel = join(exchange, answer, { upstream, first, head })
      void tunnel.closed.then(release)
      return resolve(tunnel)
    })
    outgoing.end()
    return undefined
  })
}

interface Ends {
  upstream: Socket
  /** What the upstream sent along with its 101. */
  first: Buffer
  /** What the client sent along with its handshake. */
  head: Buffer
}

function join(exchange: Exchange, answer: IncomingMessage, ends: Ends): Tunnel {
  const { req, res, forward } = exchange
  const client = req.socket
  exchange.over = true
  res.detachSocket(client)
  const fields = informationHeaders(answer.rawHeaders, forward)
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket']
  for (let index = 0; index < fields.length; index += 2) lines.push(`${fields[index]}: ${fields[index + 1]}`)
  client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  client.write(ends.first)
  ends.upstream.write(ends.head)
  return openTunnel(client, ends.upstream, forward.upstream.limits.idleMs)
}

function handshakeProblem(req: IncomingMessage, answer: IncomingMessage): string | undefined {
  if (answer.headers.upgrade?.toLowerCase() !== 'websocket') return 'the upstream switched to another protocol'
  const accept = webSocketAccept(req.headers['sec-websocket-key'] ?? '')
  return answer.headers['sec-websocket-accept'] === accept ? undefined : 'the upstream did not understand the handshake'
}
