import { type Arrival, readAnswers, valuesOf } from '../../support/wire/index.ts'
import { ask, type Group, isAtOnce, namesAmong, open, type Row, valueOf } from '../row.ts'

/** Answers once the request is whole. */
const saying =
  (...parts: string[]) =>
  ({ whole, answer }: Arrival): void =>
    void whole.then(() => answer(parts.join('\r\n')))

const thenClosing =
  (...parts: string[]) =>
  ({ whole, socket }: Arrival): void =>
    void whole.then(() => socket.end(parts.join('\r\n'), 'latin1'))

const withoutContent = (status: string, does: Row['does'], why?: string): Row => ({
  title: `${status} with \`Content-Length: 5\``,
  async observe(scene) {
    const connection = open(scene, { handle: saying(`HTTP/1.1 ${status}`, 'Content-Length: 5', 'ETag: "x"', '', '') })
    await connection.until(/\r\n\r\n/)
    connection.close()
    const length = valueOf(readAnswers(connection.received(), [], false).messages[0], 'content-length')
    return length === '' ? 'length removed' : 'length passed on'
  },
  does,
  ...(why === undefined ? {} : { why }),
})

/** What clients would understand differently. */
const broken = (title: string, lines: string[], others: Pick<Row['does'], 'nginx' | 'haproxy'>): Row => ({
  title,
  async observe(scene) {
    const { status, received } = await ask(scene, { handle: thenClosing(...lines) })
    return status === 502 ? '502' : received === '' ? 'cut' : 'passed on'
  },
  does: { gatewright: '502', ...others },
  ...(Object.values(others).includes('passed on')
    ? { why: 'Two readers would see two answers in it, and the second one would be somebody else’s.' }
    : {}),
})

export const answers: Group = {
  title: 'Answers: the head',
  rows: [
    {
      title: 'order, spelling and repetition of fields',
      async observe(scene) {
        const lines = [
          'HTTP/1.1 200 OK',
          'X-Zebra: 1',
          'Set-Cookie: a=1',
          'x-APPLE: 2',
          'Set-Cookie: b=2',
          'Content-Length: 0',
          '',
          '',
        ]
        const { answer } = await ask(scene, { handle: saying(...lines) })
        const names = answer ? namesAmong(answer, ['x-zebra', 'x-apple', 'set-cookie']) : []
        if (names.join() === 'X-Zebra,Set-Cookie,x-APPLE,Set-Cookie') return 'kept'
        return names.join() === 'x-zebra,set-cookie,x-apple,set-cookie'
          ? 'order kept, names in lower case'
          : names.join()
      },
      does: { gatewright: 'kept', nginx: 'kept', haproxy: 'order kept, names in lower case' },
      why: 'Some clients of old look for one spelling.',
    },
    {
      title: 'fields that `Connection` names, `Keep-Alive`',
      async observe(scene) {
        const lines = [
          'HTTP/1.1 200 OK',
          'Connection: X-Hop',
          'X-Hop: 1',
          'Keep-Alive: timeout=3',
          'Content-Length: 0',
          '',
          '',
        ]
        const { answer } = await ask(scene, { handle: saying(...lines) })
        const names = ['x-hop', 'keep-alive'].filter((name) => /1|timeout=3/.test(valueOf(answer, name)))
        return names.length === 0 ? 'removed' : `passes ${names.join(', ')} on`
      },
      does: { gatewright: 'removed', nginx: 'passes x-hop on', haproxy: 'passes x-hop, keep-alive on' },
      why: 'RFC 9110 §7.6.1 asks for it.',
    },
    {
      title: '`Server` and `Date` of the upstream',
      async observe(scene) {
        const date = 'Thu, 01 Jan 2026 00:00:00 GMT'
        const lines = ['HTTP/1.1 200 OK', 'Server: app', `Date: ${date}`, 'Content-Length: 0', '', '']
        const { answer } = await ask(scene, { handle: saying(...lines) })
        const kept = [valueOf(answer, 'server') === 'app', valueOf(answer, 'date') === date]
        return kept.every(Boolean) ? 'kept' : kept.some(Boolean) ? 'one replaced' : 'replaced'
      },
      does: { gatewright: 'kept', nginx: 'replaced', haproxy: 'kept' },
      why: 'They say when the app answered, and which.',
    },
    {
      title: '`Location: http://<upstream>/x`',
      async observe(scene) {
        const { upstream, contender } = scene
        const lines = ['HTTP/1.1 302 Found', `Location: ${upstream.origin}/x`, 'Content-Length: 0', '', '']
        const { answer } = await ask(scene, { handle: saying(...lines) })
        const location = valueOf(answer, 'location')
        if (location === `${upstream.origin}/x`) return 'passed on'
        return location === `http://${contender.host}/x` ? 'the public address' : `\`${location}\``
      },
      does: { gatewright: 'the public address', nginx: 'passed on', haproxy: 'passed on' },
      why: 'People must not be sent into the inner network.',
    },
    withoutContent(
      '204 No Content',
      { gatewright: 'length removed', nginx: 'length passed on', haproxy: 'length removed' },
      'It must not have one (RFC 9110 §8.6).',
    ),
    withoutContent(
      '304 Not Modified',
      { gatewright: 'length removed', nginx: 'length passed on', haproxy: 'length passed on' },
      'Clients have read it as the length of a content that does not come.',
    ),
    {
      title: '`HEAD`',
      async observe(scene) {
        const handle = ({ method, answer }: Arrival): void =>
          answer(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${method === 'HEAD' ? '' : 'hello'}`)
        const connection = open(scene, { method: 'HEAD', handle })
        await connection.until(/\r\n\r\n/)
        const length = valueOf(readAnswers(connection.received(), ['HEAD'], false).messages[0], 'content-length')
        connection.send(`GET /next HTTP/1.1\r\nHost: ${scene.contender.host}\r\n\r\n`)
        const isOpen = await isAtOnce(connection.until(/(?:HTTP\/1\.1 200[^]*){2}/))
        connection.close()
        return `length ${length === '5' ? 'kept' : 'lost'}, connection ${isOpen ? 'kept' : 'closed'}`
      },
      does: {
        gatewright: 'length kept, connection kept',
        nginx: 'length kept, connection kept',
        haproxy: 'length kept, connection kept',
      },
    },
    {
      title: '103 Early Hints',
      async observe(scene) {
        const hints = ['HTTP/1.1 103 Early Hints', 'Link: </a.css>; rel=preload', '']
        const handle = saying(...hints, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
        const connection = open(scene, { handle })
        const isAnswered = await isAtOnce(connection.until(/ 200 OK\r\n/))
        connection.close()
        if (!isAnswered) return 'taken for the answer'
        return connection.received().includes(' 103 ') ? 'passed on' : 'dropped'
      },
      does: { gatewright: 'passed on', nginx: 'taken for the answer', haproxy: 'passed on' },
      why: 'nginx learnt it in 1.29.',
    },
    {
      title: 'an answer in chunks',
      async observe(scene) {
        const lines = ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '5', 'hello', '0', '', '']
        const { answer } = await ask(scene, { handle: saying(...lines) })
        return answer?.body === 'hello' ? `passed on, ${framingOf(answer.raw)}` : 'broken'
      },
      does: { gatewright: 'passed on, in chunks', nginx: 'passed on, in chunks', haproxy: 'passed on, in chunks' },
    },
    {
      title: 'an answer that ends with its connection',
      async observe(scene) {
        const connection = open(scene, {
          handle: thenClosing('HTTP/1.1 200 OK', 'Content-Type: text/plain', '', 'hello'),
        })
        await connection.until(/hello/)
        const framing = framingOf(connection.received())
        connection.close()
        return `passed on, ${framing}`
      },
      does: {
        gatewright: 'passed on, in chunks',
        nginx: 'passed on, in chunks',
        haproxy: 'passed on, until the connection ends',
      },
      why: 'In chunks, a client sees whether it was cut.',
    },
    {
      title: 'trailers of an answer',
      async observe(scene) {
        const lines = [
          'HTTP/1.1 200 OK',
          'Transfer-Encoding: chunked',
          'Trailer: X-Sum',
          '',
          '5',
          'hello',
          '0',
          'X-Sum: 1',
          '',
          '',
        ]
        const { answer } = await ask(scene, { fields: ['TE: trailers'], handle: saying(...lines) })
        return answer?.trailers.some(([name]) => name.toLowerCase() === 'x-sum') ? 'passed on' : 'dropped'
      },
      does: { gatewright: 'passed on', nginx: 'dropped', haproxy: 'passed on' },
      why: 'gRPC and checksums need them; nginx learnt it in 1.27 and only for trailers that one names.',
    },
    broken(
      'an answer with two framings',
      ['HTTP/1.1 200 OK', 'Content-Length: 5', 'Transfer-Encoding: chunked', '', '0', '', ''],
      { nginx: 'passed on', haproxy: 'passed on' },
    ),
    broken(
      'an answer with two different lengths',
      ['HTTP/1.1 200 OK', 'Content-Length: 5', 'Content-Length: 6', '', 'hello'],
      { nginx: 'passed on', haproxy: '502' },
    ),
    broken('an answer that is no HTTP', ['hello', '', ''], { nginx: 'passed on', haproxy: '502' }),
    {
      title: '`Set-Cookie` of ours from an upstream',
      async observe(scene) {
        const lines = ['HTTP/1.1 200 OK', 'Set-Cookie: __Host-gatewright-session=x', 'Content-Length: 0', '', '']
        const { answer } = await ask(scene, { handle: saying(...lines) })
        return answer && valuesOf(answer, 'set-cookie').length > 0 ? 'passed on' : 'removed'
      },
      does: { gatewright: 'removed', nginx: 'passed on', haproxy: 'passed on' },
      why: 'No app may sign anybody in as somebody else.',
    },
  ],
}

function framingOf(raw: string): string {
  if (/^transfer-encoding: chunked/im.test(raw)) return 'in chunks'
  return /^content-length:/im.test(raw) ? 'with its length' : 'until the connection ends'
}
