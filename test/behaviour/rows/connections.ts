import { createHash } from 'node:crypto'

import { answerPlainly, type Arrival, valuesOf } from '../../support/wire/index.ts'
import { ask, type Group, isAtOnce, open, type Scene, valueOf } from '../row.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

const handshake = ({ contender }: Scene): string[] => [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${KEY}`,
  `Origin: http://${contender.host}`,
]

/** Agrees to a handshake and sends back every byte. */
function agree({ message, answer, socket }: Arrival): void {
  const key = `${valuesOf(message, 'sec-websocket-key')[0]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  answer(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.pipe(socket)
}

export const connections: Group = {
  title: 'Connections',
  rows: [
    {
      title: 'two clients, one after the other',
      async observe(scene) {
        const first = await ask(scene)
        const second = await ask(scene)
        const [one, two] = [first, second].map(({ arrival }) => arrival?.connection)
        return one === two ? 'share a connection to the upstream' : 'have a connection each'
      },
      does: {
        gatewright: 'share a connection to the upstream',
        nginx: 'share a connection to the upstream',
        haproxy: 'have a connection each',
      },
      why: 'HAProxy keeps it for the same client unless `http-reuse always` is set.',
    },
    {
      title: 'a kept connection that the upstream closes on the next `GET`',
      async observe(scene) {
        await ask(scene)
        let asked = 0
        const handle = (arrival: Arrival): void => {
          asked += 1
          if (asked === 1) arrival.socket.destroy()
          else void answerPlainly(arrival)
        }
        const { status } = await ask(scene, { handle })
        return status === 200 ? 'tried again' : String(status || 'cut')
      },
      does: { gatewright: 'tried again', nginx: 'tried again', haproxy: '502' },
      why: 'An upstream may close a kept connection at any time (RFC 9112 §9.3.1), and nobody should see that.',
    },
    {
      title: 'the same on a `POST`',
      async observe(scene) {
        await ask(scene)
        let asked = 0
        const handle = (arrival: Arrival): void => {
          asked += 1
          arrival.socket.destroy()
        }
        const { status } = await ask(scene, { method: 'POST', fields: ['Content-Length: 0'], handle })
        return `${status || 'cut'}, asked ${asked === 1 ? 'once' : `${asked} times`}`
      },
      does: { gatewright: '502, asked once', nginx: '502, asked once', haproxy: '502, asked once' },
    },
    {
      title: 'a WebSocket',
      async observe(scene) {
        const connection = open(scene, { fields: handshake(scene), handle: agree })
        await connection.until(/^HTTP\/1\.1 101 [^]*\r\n\r\n/)
        connection.send('over and back')
        await connection.until(/over and back/)
        const [arrival] = scene.upstream.arrivals
        connection.close()
        return (await isAtOnce(arrival?.gone ?? Promise.reject(new Error('no handshake'))))
          ? 'passed on, and its end'
          : 'passed on'
      },
      does: {
        gatewright: 'passed on, and its end',
        nginx: 'passed on, and its end',
        haproxy: 'passed on, and its end',
      },
    },
    {
      title: 'a WebSocket that the upstream refuses',
      async observe(scene) {
        const handle = ({ answer }: Arrival): void => answer('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno')
        const connection = open(scene, { fields: handshake(scene), handle })
        const received = await connection.until(/no$/)
        connection.close()
        return received.startsWith('HTTP/1.1 403') ? 'its answer is passed on' : received.slice(9, 12)
      },
      does: {
        gatewright: 'its answer is passed on',
        nginx: 'its answer is passed on',
        haproxy: 'its answer is passed on',
      },
    },
    {
      title: 'a WebSocket of another site’s page',
      async observe(scene) {
        const fields = handshake(scene).map((line) =>
          line.startsWith('Origin') ? 'Origin: http://evil.example' : line,
        )
        const connection = open(scene, { fields, handle: agree })
        const received = await connection.until(/\r\n\r\n/)
        connection.close()
        return received.startsWith('HTTP/1.1 101') ? 'passed on' : `refused, ${received.slice(9, 12)}`
      },
      does: { gatewright: 'refused, 403', nginx: 'passed on', haproxy: 'passed on' },
      why: 'Browsers send cookies along with it and ask nobody first (RFC 6455 §10.2).',
    },
    {
      title: '101 with a wrong `Sec-WebSocket-Accept`',
      async observe(scene) {
        const handle = ({ answer }: Arrival): void =>
          answer(
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n',
          )
        const connection = open(scene, { fields: handshake(scene), handle })
        const received = await connection.until(/\r\n\r\n/)
        connection.close()
        return received.slice(9, 12)
      },
      does: { gatewright: '502', nginx: '101', haproxy: '101' },
      why: 'An upstream that did not understand the handshake would read what comes next as requests.',
    },
    {
      title: '`Upgrade: h2c`',
      async observe(scene) {
        const fields = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']
        const connection = open(scene, { fields })
        await connection.until(/\r\n\r\n/)
        connection.close()
        const upgrade = valueOf(scene.upstream.arrivals[0]?.message, 'upgrade')
        return upgrade === '' ? 'not asked for' : 'passed on'
      },
      does: { gatewright: 'not asked for', nginx: 'passed on', haproxy: 'passed on' },
      why: 'Behind it requests would go that no rule has seen.',
    },
    {
      title: '101 that nobody asked for',
      async observe(scene) {
        const handle = ({ answer }: Arrival): void =>
          answer('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
        const connection = open(scene, { handle })
        const received = (await isAtOnce(connection.until(/\r\n\r\n/))) ? connection.received() : ''
        connection.close()
        return received.slice(9, 12) || 'no answer'
      },
      does: { gatewright: '502', nginx: 'no answer', haproxy: '502' },
      why: 'Nobody should wait for the rest of it.',
    },
  ],
}
