import { once } from 'node:events'

import { answerPlainly, type Arrival, readAnswers, request } from '../../support/wire/index.ts'
import { ask, asked, type Group, isAtOnce, open, type Scene, valueOf } from '../row.ts'

const SIZE = 2 * 1024 * 1024
const BLOCK = 'x'.repeat(64 * 1024)

const atOnce = async (happening: Promise<unknown>): Promise<string> =>
  (await isAtOnce(happening)) ? 'arrives at once' : 'is held back'
const untilBody = ({ message }: Arrival, text: string): Promise<void> =>
  new Promise((resolve) => {
    const look = (): unknown => (message.body.includes(text) ? resolve() : setTimeout(look, 5))
    look()
  })

/** @param sent by the upstream, behind its status line, before it closes. @returns what the client makes of that */
async function howACutLooks(scene: Scene, sent: string): Promise<string> {
  const handle = ({ socket }: Arrival): void => void socket.end(`HTTP/1.1 200 OK\r\n${sent}`)
  const received = await open(scene, { handle }).ended()
  const [answer] = readAnswers(received, ['GET'], true).messages
  if (!answer?.start.includes('200')) return received.slice(9, 12)
  return answer.complete ? 'looks whole' : 'cut, and it shows'
}

async function answerSize({ socket, whole, answer }: Arrival, slow: () => void): Promise<void> {
  const { body } = await whole
  socket.off('data', slow)
  answer(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Read: ${body.length}\r\n\r\n`)
}

export const streams: Group = {
  title: 'Content',
  rows: [
    {
      title: 'an upload in chunks',
      async observe(scene) {
        const content = '5\r\nhello\r\n0\r\n\r\n'
        const { arrival } = await ask(scene, { method: 'POST', fields: ['Transfer-Encoding: chunked'], content })
        if (arrival?.message.body !== 'hello') return 'broken'
        return valueOf(arrival.message, 'content-length') === '' ? 'in chunks' : 'with its length'
      },
      does: { gatewright: 'in chunks', nginx: 'with its length', haproxy: 'in chunks' },
      why: 'nginx reads an upload to its end before it asks the upstream.',
    },
    {
      title: 'trailers of an upload',
      async observe(scene) {
        const fields = ['Transfer-Encoding: chunked', 'Trailer: X-Sum']
        const content = '5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'
        const { arrival } = await ask(scene, { method: 'POST', fields, content })
        return arrival?.message.trailers.length === 1 ? 'passed on' : 'dropped'
      },
      does: { gatewright: 'passed on', nginx: 'dropped', haproxy: 'passed on' },
      why: 'gRPC and checksums need them.',
    },
    {
      title: 'the beginning of an upload',
      async observe(scene) {
        const arriving = scene.upstream.next().then((arrival) => untilBody(arrival, 'first'))
        const connection = open(scene, { method: 'POST', fields: ['Content-Length: 10'], content: 'first' })
        const verdict = await atOnce(arriving)
        connection.send('later')
        await connection.until(/\r\n\r\n/)
        connection.close()
        return verdict
      },
      does: { gatewright: 'arrives at once', nginx: 'is held back', haproxy: 'arrives at once' },
      why: 'nginx reads an upload to its end before it asks the upstream (`proxy_request_buffering`).',
    },
    {
      title: 'an answer before the upload is over',
      async observe(scene) {
        const handle = ({ answer }: Arrival): void => answer('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n')
        const connection = open(scene, { method: 'POST', fields: ['Content-Length: 100000'], content: 'first', handle })
        const verdict = await atOnce(connection.until(/^HTTP\/1\.1 413/))
        connection.close()
        return verdict
      },
      does: { gatewright: 'arrives at once', nginx: 'is held back', haproxy: 'arrives at once' },
      why: 'As above.',
    },
    {
      title: '`Expect: 100-continue`',
      async observe(scene) {
        const arriving = scene.upstream.next()
        const fields = ['Expect: 100-continue', 'Content-Length: 5']
        const handle = (arrival: Arrival): void => {
          if (valueOf(arrival.message, 'expect') !== '') arrival.answer('HTTP/1.1 100 Continue\r\n\r\n')
          void answerPlainly(arrival)
        }
        const connection = open(scene, { method: 'POST', fields, handle })
        await connection.until(/^HTTP\/1\.1 100 [^]*\r\n\r\n/)
        const isAsked = await isAtOnce(arriving)
        connection.send('hello')
        await connection.until(/ 200 OK/)
        const expects = valueOf((await arriving).message, 'expect') !== ''
        connection.close()
        const who = expects ? 'passed on' : 'answered by the proxy'
        return `${who}, ${isAsked ? 'when the upstream is asked' : 'before the upstream is asked'}`
      },
      does: {
        gatewright: 'answered by the proxy, when the upstream is asked',
        nginx: 'answered by the proxy, before the upstream is asked',
        haproxy: 'passed on, when the upstream is asked',
      },
      why: 'Nobody is told to send on before the rule and the connection to the upstream have said yes.',
    },
    {
      title: '`Expect: 100-continue`, and the upstream refuses',
      async observe(scene) {
        const handle = ({ answer }: Arrival): void => answer('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n')
        const fields = ['Expect: 100-continue', 'Content-Length: 5']
        const connection = open(scene, { method: 'POST', fields, handle })
        const isRefused = await isAtOnce(connection.until(/ 401 /))
        connection.close()
        return isRefused ? 'refused without the upload' : 'refused after the upload'
      },
      does: {
        gatewright: 'refused without the upload',
        nginx: 'refused after the upload',
        haproxy: 'refused without the upload',
      },
      why: 'nginx asks for all of an upload at once.',
    },
    {
      title: 'the first of server-sent events',
      async observe(scene) {
        const handle = ({ answer }: Arrival): void =>
          answer(
            'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n',
          )
        const connection = open(scene, { handle })
        const verdict = await atOnce(connection.until(/data: 1/))
        connection.close()
        return verdict
      },
      does: { gatewright: 'arrives at once', nginx: 'arrives at once', haproxy: 'arrives at once' },
    },
    {
      title: 'the head of an answer that has no content yet',
      async observe(scene) {
        const handle = ({ answer }: Arrival): void =>
          answer('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
        const connection = open(scene, { handle })
        const verdict = await atOnce(connection.until(/\r\n\r\n/))
        connection.close()
        return verdict
      },
      does: { gatewright: 'arrives at once', nginx: 'is held back', haproxy: 'arrives at once' },
      why: 'Pages wait for it to show that they are connected.',
    },
    {
      title: '2 MiB for a slow reader',
      async observe(scene) {
        const handle = ({ socket }: Arrival): void => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\n`)
          for (let sent = 0; sent < SIZE; sent += BLOCK.length) socket.write(BLOCK)
        }
        const connection = open(scene, { fields: ['Connection: close'], handle })
        for (let read = 0; read < 8; read += 1) {
          await once(connection.socket, 'data')
          connection.socket.pause()
          await new Promise(setImmediate)
          connection.socket.resume()
        }
        const { answer } = asked(scene.upstream, await connection.ended())
        return answer?.body.length === SIZE ? 'whole' : 'broken'
      },
      does: { gatewright: 'whole', nginx: 'whole', haproxy: 'whole' },
    },
    {
      title: '2 MiB to a slow reader',
      async observe(scene) {
        const handle = (arrival: Arrival): void => {
          const slow = (): void => {
            arrival.socket.pause()
            setImmediate(() => arrival.socket.resume())
          }
          arrival.socket.on('data', slow)
          void answerSize(arrival, slow)
        }
        const content = 'x'.repeat(SIZE)
        const { answer } = await ask(scene, { method: 'PUT', fields: [`Content-Length: ${SIZE}`], content, handle })
        return valueOf(answer, 'x-read') === String(SIZE) ? 'whole' : 'broken'
      },
      does: { gatewright: 'whole', nginx: 'whole', haproxy: 'whole' },
    },
    {
      title: 'an answer with a length that breaks off',
      observe: (scene) => howACutLooks(scene, 'Content-Length: 10\r\n\r\nhello'),
      does: { gatewright: 'cut, and it shows', nginx: 'cut, and it shows', haproxy: 'cut, and it shows' },
    },
    {
      title: 'an answer in chunks that breaks off',
      observe: (scene) => howACutLooks(scene, 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
      does: { gatewright: 'cut, and it shows', nginx: 'cut, and it shows', haproxy: 'cut, and it shows' },
    },
    {
      title: 'a client that leaves while the upstream thinks',
      async observe(scene) {
        const arriving = scene.upstream.next()
        const connection = open(scene, { handle: () => undefined })
        const { gone } = await arriving
        connection.close()
        return `the upstream sees it ${(await isAtOnce(gone)) ? 'at once' : 'later'}`
      },
      does: {
        gatewright: 'the upstream sees it at once',
        nginx: 'the upstream sees it at once',
        haproxy: 'the upstream sees it later',
      },
      why: 'An app need not work on for nobody.',
    },
    {
      title: 'a client that leaves in the middle of an upload',
      async observe(scene) {
        const arriving = scene.upstream.next()
        const connection = open(scene, {
          method: 'POST',
          fields: ['Content-Length: 10'],
          content: 'first',
          handle: () => undefined,
        })
        const isAsked = await isAtOnce(arriving)
        connection.close()
        if (!isAsked) return 'the upstream is never asked'
        return `the upstream sees it ${(await isAtOnce((await arriving).gone)) ? 'at once' : 'later'}`
      },
      does: {
        gatewright: 'the upstream sees it at once',
        nginx: 'the upstream is never asked',
        haproxy: 'the upstream sees it at once',
      },
      why: 'As above: nginx has not asked the upstream yet.',
    },
    {
      title: 'a second request while the first is answered (pipelining)',
      async observe({ contender, upstream }) {
        const connection = open({ contender, upstream }, { target: '/1' })
        connection.send(request('GET', '/2', `Host: ${contender.host}`, 'Connection: close'))
        const received = await connection.ended()
        const bodies = readAnswers(received, [], true).messages.map(({ body }) => body)
        return bodies.join() === 'GET /1,GET /2' ? 'answered in order' : 'broken'
      },
      does: { gatewright: 'answered in order', nginx: 'answered in order', haproxy: 'answered in order' },
    },
  ],
}
