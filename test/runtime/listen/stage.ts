import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'

import { pino } from 'pino'
import { onTestFinished } from 'vitest'

import { createPublicListener, type ListenerHandlers, type ListenerSettings } from '../../../runtime/listen/index.ts'
import { checkRequest, type ReceivedRequest, refuse } from '../../../runtime/wire/index.ts'
import { freePorts } from '../../support/ports.ts'

/** A request's body, by either protocol. */
async function wholeOf(request: ReceivedRequest): Promise<string> {
  if (request.complete) return ''
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => request.once('end', () => resolve(undefined)))
  return Buffer.concat(chunks).toString()
}

/** A listener whose handler checks each request as the gateway does, and echoes what it is given. */
export async function startListener(settings: ListenerSettings, handlers: Partial<ListenerHandlers> = {}) {
  const [port = 0] = await freePorts(1)
  const lines = new PassThrough()
  let logged = ''
  lines.on('data', (chunk: Buffer) => (logged += chunk.toString()))
  /** Requests that passed the checks. */
  const passed: string[] = []
  const listener = createPublicListener(
    {
      request(request, response) {
        const refusal = checkRequest(request)
        if (refusal) return refuse(response, refusal)
        passed.push(`${request.method} ${request.url}`)
        void wholeOf(request).then((body) => {
          const { httpVersion, method, url, rawHeaders, headers } = request
          return response.end(JSON.stringify({ httpVersion, method, url, rawHeaders, host: headers.host, body }))
        })
        return undefined
      },
      upgrade: (_request, response) => response.writeHead(400).end(),
      ...handlers,
    },
    pino(lines),
  )
  await listener.use(settings)
  await listener.listen({ host: '127.0.0.1', port })
  onTestFinished(() => listener.close())
  return { listener, port, passed, log: () => logged }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-listen-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** An HTTP/2 connection without TLS. */
export function http2To(port: number): ClientHttp2Session {
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  session.on('error', () => undefined)
  onTestFinished(() => session.destroy())
  return session
}

/** One request on it. */
export async function ask(session: ClientHttp2Session, headers: Record<string, string | string[]>, body?: string) {
  const stream = session.request(headers, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders]
  return { status: Number(head[':status']), text: await text(stream) }
}

export async function rawTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

export type { AddressInfo }
