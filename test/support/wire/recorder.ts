import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

import { type Message, readRequests } from './message.ts'

/** A request whose head has arrived. */
export interface Arrival {
  method: string
  target: string
  /** Grows while the content arrives. */
  message: Message
  /** The connection that it came on, counted from 0. */
  connection: number
  socket: Socket
  /** Answers in raw bytes; text is latin1. */
  answer: (bytes: string | Buffer) => void
  /** Whether the answer was 101. */
  isSwitched: boolean
  /** Settles when all of the request is there; never when it is cut. */
  whole: Promise<Message>
  /** Settles when its connection has ended. */
  gone: Promise<void>
}

/** An upstream that keeps, byte for byte, what it was sent. */
export interface Recorder {
  origin: string
  port: number
  /** In order. */
  arrivals: Arrival[]
  /** Bytes by connection, as latin1. */
  received: string[]
  /** What came and is no request: nothing that a proxy sends may be so. */
  malformed: string[]
  /** How requests are answered from now on; called as soon as a head is there. */
  handle: (arrival: Arrival) => void
  /** Settles with the next request. */
  next(): Promise<Arrival>
  close(): Promise<void>
}

/** Starts one on a free port of 127.0.0.1. */
export async function startRecorder(handle: Recorder['handle'] = (arrival) => void answerPlainly(arrival)) {
  const sockets = new Set<Socket>()
  const waiting: ((arrival: Arrival) => void)[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    record(recorder, socket, (arrival) => {
      for (const settle of waiting.splice(0)) settle(arrival)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const recorder: Recorder = {
    origin: `http://127.0.0.1:${port}`,
    port,
    arrivals: [],
    received: [],
    malformed: [],
    handle,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
  return recorder
}

function record(recorder: Recorder, socket: Socket, arrived: (arrival: Arrival) => void): void {
  const connection = recorder.received.push('') - 1
  const known: { arrival: Arrival; complete: () => void }[] = []
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('data', (chunk: Buffer) => {
    const text = (recorder.received[connection] ?? '') + chunk.toString('latin1')
    recorder.received[connection] = text
    // What comes after a switch of protocols is no HTTP.
    if (known.some(({ arrival }) => arrival.isSwitched)) return
    const { messages, stopped, end } = readRequests(text)
    for (const [index, message] of messages.entries()) {
      const before = known[index]
      if (before) Object.assign(before.arrival.message, message)
      const { arrival, complete } = before ?? newArrival(message, { connection, socket, gone })
      if (message.complete) complete()
      if (before) continue
      known.push({ arrival, complete })
      recorder.arrivals.push(arrival)
      recorder.handle(arrival)
      arrived(arrival)
    }
    if (stopped === 'malformed') recorder.malformed.push(text.slice(end))
  })
}

function newArrival(message: Message, at: Pick<Arrival, 'connection' | 'socket' | 'gone'>) {
  const [method = '', target = ''] = message.start.split(' ')
  const { promise: whole, resolve } = Promise.withResolvers<Message>()
  const arrival: Arrival = {
    ...at,
    method,
    target,
    message: { ...message },
    isSwitched: false,
    answer(bytes) {
      const content = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
      arrival.isSwitched ||= content.subarray(0, 12).toString('latin1') === 'HTTP/1.1 101'
      at.socket.write(content)
    },
    whole,
  }
  return { arrival, complete: () => resolve(arrival.message) }
}

/** An honest answer that says what was asked; no content to HEAD. */
export async function answerPlainly({ method, target, whole, answer }: Arrival): Promise<void> {
  await whole
  const body = `${method} ${target}`
  answer(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${method === 'HEAD' ? '' : body}`)
}
