import { answerPlainly, exchange, valuesOf } from '../../support/wire/index.ts'
import { arrivedAs, ask, type Group, namesAmong, type Row, valueOf } from '../row.ts'

const target = (path: string, does: Row['does'], why?: string): Row => ({
  title: `target \`${path}\``,
  observe: async (scene) => arrivedAs(await ask(scene, { target: path })),
  does,
  ...(why === undefined ? {} : { why }),
})

/** What readers on the way understand differently. */
const malformed = (title: string, fields: string[], others: Pick<Row['does'], 'nginx' | 'haproxy'>): Row => ({
  title,
  async observe(scene) {
    const { status, arrival } = await ask(scene, { method: 'POST', fields, content: '0\r\n\r\n' })
    return arrival ? 'passed on' : `refused, ${status || 'cut'}`
  },
  does: { gatewright: 'refused, 400', ...others },
  ...(Object.values(others).includes('passed on') ? { why: AMBIGUOUS } : {}),
})

const AMBIGUOUS = 'RFC 9112 lets a server repair it or refuse it: what has two meanings is refused here.'

export const requests: Group = {
  title: 'Requests: the head',
  rows: [
    {
      title: 'order and spelling of fields',
      async observe(scene) {
        const { arrival } = await ask(scene, { fields: ['X-Zebra: 1', 'x-APPLE: 2', 'X-Mango: 3'] })
        const names = arrival ? namesAmong(arrival.message, ['x-zebra', 'x-apple', 'x-mango']) : []
        if (names.join() === 'X-Zebra,x-APPLE,X-Mango') return 'kept'
        return names.join() === 'x-zebra,x-apple,x-mango' ? 'order kept, names in lower case' : names.join()
      },
      does: { gatewright: 'kept', nginx: 'kept', haproxy: 'order kept, names in lower case' },
      why: 'Some apps of old look for one spelling.',
    },
    {
      title: 'a field that is there twice',
      async observe(scene) {
        const { arrival } = await ask(scene, { fields: ['X-Twice: 1', 'X-Twice: 2'] })
        return `${arrival ? valuesOf(arrival.message, 'x-twice').length : 0} lines`
      },
      does: { gatewright: '2 lines', nginx: '2 lines', haproxy: '2 lines' },
    },
    {
      title: 'fields that `Connection` names',
      async observe(scene) {
        const { arrival } = await ask(scene, { fields: ['Connection: X-Hop', 'X-Hop: 1'] })
        return valueOf(arrival?.message, 'x-hop') === '' ? 'removed' : 'passed on'
      },
      does: { gatewright: 'removed', nginx: 'passed on', haproxy: 'passed on' },
      why: 'RFC 9110 §7.6.1 asks for it.',
    },
    {
      title: '`Keep-Alive`, `Proxy-Connection`, `Proxy-Authorization`, `TE: gzip`',
      async observe(scene) {
        const fields = [
          'Keep-Alive: timeout=5',
          'Proxy-Connection: close',
          'Proxy-Authorization: Basic eA==',
          'TE: gzip',
        ]
        const { arrival } = await ask(scene, { fields })
        const names = arrival
          ? namesAmong(arrival.message, ['keep-alive', 'proxy-connection', 'proxy-authorization', 'te'])
          : []
        return names.length === 0 ? 'removed' : `passes ${names.map((name) => `\`${name}\``).join(', ')} on`
      },
      does: {
        gatewright: 'removed',
        nginx: 'passes `Proxy-Connection`, `Proxy-Authorization` on',
        haproxy: 'passes `keep-alive`, `proxy-connection`, `proxy-authorization` on',
      },
      why: 'They belong to the connection with the client.',
    },
    {
      title: '`TE: trailers`',
      async observe(scene) {
        const { arrival } = await ask(scene, { fields: ['TE: trailers', 'Connection: TE'] })
        return valueOf(arrival?.message, 'te') || 'removed'
      },
      does: { gatewright: 'trailers', nginx: 'removed', haproxy: 'trailers' },
      why: 'gRPC servers insist on it.',
    },
    {
      title: 'names with an underscore',
      async observe(scene) {
        const { arrival } = await ask(scene, { fields: ['X_Custom: 1', 'X_Forwarded_For: 2'] })
        const names = arrival ? namesAmong(arrival.message, ['x_custom', 'x_forwarded_for']) : []
        return names.length === 0 ? 'removed' : `passes ${names.map((name) => `\`${name}\``).join(', ')} on`
      },
      does: {
        gatewright: 'passes `X_Custom` on',
        nginx: 'removed',
        haproxy: 'passes `x_custom`, `x_forwarded_for` on',
      },
      why: 'Only names that an app could take for one of ours are removed, in every spelling.',
    },
    {
      title: '`Host` that the upstream sees',
      async observe({ contender, upstream }) {
        const { arrival } = await ask({ contender, upstream })
        const host = valueOf(arrival?.message, 'host')
        if (host === new URL(upstream.origin).host) return 'its own'
        return host === contender.host ? 'the client’s' : 'the client’s, without the port'
      },
      does: { gatewright: 'its own', nginx: 'the client’s, without the port', haproxy: 'the client’s' },
      why: '`preserveHost: true` passes the public one on; the default is what an app expects that is also reached directly.',
    },
    {
      title: '`X-Forwarded-For: 192.0.2.1` from a client',
      async observe(scene) {
        const { arrival } = await ask(scene, { fields: ['X-Forwarded-For: 192.0.2.1'] })
        return `\`${valueOf(arrival?.message, 'x-forwarded-for')}\``
      },
      does: { gatewright: '`127.0.0.1`', nginx: '`192.0.2.1, 127.0.0.1`', haproxy: '`192.0.2.1 + 127.0.0.1`' },
      why: 'What a client writes says nothing; what a proxy of `trustedProxies` writes is read, and one address is passed on.',
    },
    {
      title: '`X-Forwarded-Proto: https`, `X-Forwarded-Host: evil` from a client',
      async observe(scene) {
        const { arrival } = await ask(scene, { fields: ['X-Forwarded-Proto: https', 'X-Forwarded-Host: evil'] })
        const [scheme, host] = ['x-forwarded-proto', 'x-forwarded-host'].map((name) => valueOf(arrival?.message, name))
        return `\`${scheme}\`, ${host === scene.contender.host ? 'the public host' : `\`${host}\``}`
      },
      does: { gatewright: '`http`, the public host', nginx: '`http`, `evil`', haproxy: '`https`, `evil`' },
      why: 'Both are the route’s own address, from the configuration.',
    },
    target(
      '/a/../b',
      { gatewright: 'refused, 400', nginx: '`/a/../b`', haproxy: '`/a/../b`' },
      'Somebody behind us might resolve it after the rule was asked about it.',
    ),
    target(
      '/a/%2e%2e/b',
      { gatewright: 'refused, 400', nginx: '`/a/%2e%2e/b`', haproxy: '`/a/%2e%2e/b`' },
      'As above.',
    ),
    target(
      '/a//b',
      { gatewright: 'refused, 400', nginx: '`/a//b`', haproxy: '`/a//b`' },
      '`allowEncodedSlash: true` passes it on, for apps that need it.',
    ),
    target('/a%2fb', { gatewright: 'refused, 400', nginx: '`/a%2fb`', haproxy: '`/a%2fb`' }, 'As above.'),
    target(
      '/%61',
      { gatewright: '`/a`', nginx: '`/%61`', haproxy: '`/%61`' },
      'The spelling that the rule was asked about is the one that the app gets.',
    ),
    target(
      '/a#b',
      { gatewright: 'refused, 400', nginx: '`/a#b`', haproxy: 'refused, 400' },
      'A fragment is no part of a request (RFC 9112 §3.2.1).',
    ),
    target(
      'http://other.example/a',
      { gatewright: 'refused, 400', nginx: '`/a`', haproxy: 'refused, 400' },
      'It names a second host; a gateway is no forward proxy.',
    ),
    {
      title: 'a client that speaks HTTP/1.0',
      async observe(scene) {
        const { contender, upstream } = scene
        upstream.arrivals.length = 0
        upstream.handle = (arrival) => void answerPlainly(arrival)
        const received = await exchange(contender.port, `GET /old HTTP/1.0\r\nHost: ${contender.host}\r\n\r\n`)
        const version = upstream.arrivals[0]?.message.start.split(' ')[2]
        return `answered as ${received.slice(0, 8)}, asked as ${version}`
      },
      does: {
        gatewright: 'answered as HTTP/1.1, asked as HTTP/1.1',
        nginx: 'answered as HTTP/1.1, asked as HTTP/1.1',
        haproxy: 'answered as HTTP/1.1, asked as HTTP/1.0',
      },
      why: 'The upstream’s connection is ours, and kept.',
    },
    malformed('`Content-Length` and `Transfer-Encoding`', ['Content-Length: 3', 'Transfer-Encoding: chunked'], {
      nginx: 'refused, 400',
      haproxy: 'passed on',
    }),
    malformed('two different `Content-Length`', ['Content-Length: 3', 'Content-Length: 2'], {
      nginx: 'refused, 400',
      haproxy: 'refused, 400',
    }),
    malformed('a folded field', ['X-A: 1\r\n folded'], { nginx: 'refused, 400', haproxy: 'passed on' }),
    malformed('a space before the colon', ['X-A : 1'], { nginx: 'refused, 400', haproxy: 'refused, 400' }),
    {
      title: 'lines that end in LF alone',
      async observe({ contender, upstream }) {
        upstream.arrivals.length = 0
        upstream.handle = (arrival) => void answerPlainly(arrival)
        const received = await exchange(
          contender.port,
          `GET / HTTP/1.1\nHost: ${contender.host}\nConnection: close\n\n`,
        )
        return upstream.arrivals.length > 0 ? 'passed on' : `refused, ${received.slice(9, 12) || 'cut'}`
      },
      does: { gatewright: 'refused, 400', nginx: 'passed on', haproxy: 'passed on' },
      why: AMBIGUOUS,
    },
    {
      title: '`TRACE`',
      async observe(scene) {
        const { status, arrival } = await ask(scene, { method: 'TRACE' })
        return arrival ? 'passed on' : `refused, ${status}`
      },
      does: { gatewright: 'refused, 405', nginx: 'refused, 405', haproxy: 'passed on' },
      why: 'It would echo cookies and the assertion to whoever asks.',
    },
  ],
}
