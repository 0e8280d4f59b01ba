import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

import { onTestFinished } from 'vitest'

import { type Http1Handlers, type Http1Request, Http1Server, type Malformed } from '../../../runtime/http1/index.ts'

/** A server of its own, on a port of its own. */
export interface Stage {
  port: number
  http1: Http1Server
  /** What was given to the handler, in order. */
  requests: Http1Request[]
  problems: Malformed[]
}

/** @param request answers; without it every request gets its body back */
export async function startServer(request: Http1Handlers['request'] = echo): Promise<Stage> {
  const requests: Http1Request[] = []
  const problems: Malformed[] = []
  const http1 = new Http1Server({
    request(incoming, response) {
      requests.push(incoming)
      request(incoming, response)
    },
    refuse(response, problem) {
      problems.push(problem)
      response.writeHead(400, { Connection: 'close', 'Content-Length': '0' }).end()
    },
  })
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: false, noDelay: true }, (socket) => {
    sockets.add(socket)
    http1.speak(socket)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    http1.drain()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, http1, requests, problems }
}

/** Answers with what was sent, when all of it has come. */
export const echo: Http1Handlers['request'] = (request, response) => {
  const chunks: Buffer[] = []
  const answer = (): void => {
    const body = Buffer.concat(chunks)
    response.writeHead(200, ['Content-Length', String(body.length)]).end(body)
  }
  if (request.complete) return answer()
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', answer)
  return undefined
}

/** A client in raw bytes. */
export interface Client {
  socket: Socket
  received: () => string
  /** Settles with all that came, when the connection has ended. */
  ended: Promise<string>
  /** Settles when so many answers have begun. */
  answers: (count: number) => Promise<string>
}

export async function open(port: number): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  onTestFinished(() => void socket.destroy())
  let text = ''
  const heard = new Set<() => void>()
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    for (const look of heard) look()
  })
  socket.on('error', () => undefined)
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  await once(socket, 'connect')
  const answers = (count: number): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (text.split('HTTP/1.1 ').length - 1 < count) return
        heard.delete(look)
        resolve(text)
      }
      heard.add(look)
      look()
    })
  return { socket, received: () => text, ended, answers }
}

/** Sends bytes, ends when the server does. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const client = await open(port)
  client.socket.write(bytes, 'latin1')
  return client.ended
}

/** An answer's content. */
export function contentOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4)
}
