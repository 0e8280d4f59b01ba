import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'

import type { Endpoint } from '../../../runtime/upstreams/index.ts'
import { ask, failureOf } from './ask.ts'
import { createCertificates } from './certificates.ts'
import { listen } from './listen.ts'
import { forward, noSecret, openUpstreams } from './stage.ts'

const { ca, server, client, stranger } = createCertificates()
const PROTOCOLS = ['http1', 'http2'] as const
type Protocol = (typeof PROTOCOLS)[number]

/** What a server has seen of each connection. */
interface Seen {
  serverName: string | false | null | undefined
  clientName: string | undefined
  isResumed: boolean
  alpn: string | false | null
  version: string | null
}

/** A real server of one protocol over TLS, which asks for a client certificate. */
async function startTlsApp(protocol: Protocol, certificate = server): Promise<{ origin: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const options = { ...certificate, ca, requestCert: true, rejectUnauthorized: false }
  const app =
    protocol === 'http1'
      ? createHttpsServer(options, (_request, response) => response.end('hello'))
      : createSecureServer(options, (_request, response) => response.end('hello'))
  app.on('secureConnection', (socket: TLSSocket) => {
    seen.push({
      serverName: socket.servername,
      clientName: socket.authorized ? String(socket.getPeerCertificate().subject?.CN) : undefined,
      isResumed: socket.isSessionReused(),
      alpn: socket.alpnProtocol,
      version: socket.getProtocol(),
    })
  })
  return { origin: `https://${await listen(app)}`, seen }
}

function endpointFor(
  protocol: Protocol,
  origin: string,
  tls?: { ca?: string; serverName?: string; clientCertificate?: boolean },
): Endpoint {
  const secret = (name: string): string => {
    expect(name).toBe('upstream-certificate.app')
    return `${client.key}\n${client.cert}`
  }
  const config = forward([origin], { protocol, ...(tls ? { tls: { clientCertificate: false, ...tls } } : {}) })
  const place = openUpstreams()
    .groupFor('app', config, tls?.clientCertificate ? secret : noSecret)
    .choose('requests', [])
  if (!place) throw new Error('there is no place')
  return place.endpoint
}

describe.each(PROTOCOLS)('an upstream of %s', (protocol) => {
  test('is trusted by its own authority, by address or by the configured name', async () => {
    const { origin, seen } = await startTlsApp(protocol)
    await ask(endpointFor(protocol, origin, { ca })).first('end')
    await ask(endpointFor(protocol, origin, { ca, serverName: 'app.internal' })).first('end')
    expect(seen.map(({ serverName }) => serverName)).toEqual([false, 'app.internal'])
    expect(seen.map(({ clientName }) => clientName)).toEqual([undefined, undefined])
  })

  test('is shown the client certificate', async () => {
    const { origin, seen } = await startTlsApp(protocol)
    await ask(endpointFor(protocol, origin, { ca, clientCertificate: true })).first('end')
    expect(seen.map(({ clientName }) => clientName)).toEqual(['client'])
  })

  test.each([
    ['without its authority', server, undefined, 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['with a certificate of nobody', stranger, { ca }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['under another name', server, { ca, serverName: 'other.internal' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('is not sent anything %s', async (_what, certificate, tls, code) => {
    const { origin } = await startTlsApp(protocol, certificate)
    const asked = ask(endpointFor(protocol, origin, tls))
    const failure = await failureOf(asked)
    expect(failure).toMatchObject({ code: 'upstream_unreachable', untouched: true, cause: { code } })
    expect(asked.heard).toHaveLength(1)
  })

  test('is not sent anything under another address', async () => {
    const { origin } = await startTlsApp(protocol)
    const failure = await failureOf(ask(endpointFor(protocol, origin.replace('127.0.0.1', '127.0.0.2'), { ca })))
    expect(failure).toMatchObject({ code: 'upstream_unreachable', untouched: true })
  })

  test('that speaks only TLS 1.1 is not spoken to', async () => {
    const app = createTlsServer({ ...server, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' })
    const failure = await failureOf(ask(endpointFor(protocol, `https://${await listen(app)}`, { ca })))
    expect(failure).toMatchObject({ code: 'upstream_unreachable', untouched: true })
  })
})

describe('HTTP/2 over TLS', () => {
  test('is asked for by ALPN, with TLS 1.3', async () => {
    const { origin, seen } = await startTlsApp('http2')
    await ask(endpointFor('http2', origin, { ca })).first('end')
    expect(seen).toMatchObject([{ alpn: 'h2', version: 'TLSv1.3' }])
  })

  test('is refused by a server that knows ALPN, and HTTP/1.1 alone', async () => {
    const { origin } = await startTlsApp('http1')
    const failure = await failureOf(ask(endpointFor('http2', origin, { ca })))
    expect(failure).toMatchObject({ code: 'upstream_protocol', untouched: true })
    expect(failure.cause.message).toContain('does not offer HTTP/2')
  })

  test('is not tried with a server that does not know ALPN', async () => {
    const app = createTlsServer(server, (socket) => socket.on('error', () => socket.destroy()))
    const failure = await failureOf(ask(endpointFor('http2', `https://${await listen(app)}`, { ca })))
    expect(failure).toMatchObject({ code: 'upstream_protocol', untouched: true })
  })

  test('resumes its TLS session on the next connection', async () => {
    const seen: boolean[] = []
    const app = createSecureServer(server, (_request, response) => {
      response.end()
      // Each answer is the last one of its connection.
      response.stream.session?.close()
    })
    app.on('secureConnection', (socket: TLSSocket) => seen.push(socket.isSessionReused()))
    const endpoint = endpointFor('http2', `https://${await listen(app)}`, { ca })
    for (let turn = 0; turn < 2; turn += 1) {
      await ask(endpoint).first('end')
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(seen).toEqual([false, true])
  })
})
