import { createServer, type Socket } from 'node:net'

import { listen } from '../listen.ts'

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const HEADER_BYTES = 9

/** Types of frames (RFC 9113 §6). */
export const DATA = 0
export const HEADERS = 1
export const RST_STREAM = 3
export const SETTINGS = 4
export const PING = 6
export const GOAWAY = 7
export const WINDOW_UPDATE = 8
export const CONTINUATION = 9

/** Flags; ACK is that of SETTINGS and PING. */
export const END_STREAM = 1
export const ACK = 1
export const END_HEADERS = 4

export interface Frame {
  type: number
  flags: number
  streamId: number
  payload: Buffer
}

/** A frame in bytes (RFC 9113 §4.1). */
export function frame(type: number, flags: number, streamId: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUIntBE(payload.length, 0, 3)
  header.writeUInt8(type, 3)
  header.writeUInt8(flags, 4)
  header.writeUInt32BE(streamId, 5)
  return Buffer.concat([header, payload])
}

/** Fields as literals that are not indexed (RFC 7541 §6.2.2); each shorter than 127 bytes. */
export function fields(...pairs: string[]): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')])
  const parts: Buffer[] = []
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    parts.push(Buffer.from([0]), text(pairs[at] ?? ''), text(pairs[at + 1] ?? ''))
  }
  return Buffer.concat(parts)
}

/** Numbers of four bytes each. */
export function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) buffer.writeUInt32BE(value, at * 4)
  return buffer
}

/**
 * A server that speaks HTTP/2 in raw frames, so that it can say what a proper one does not.
 * @param speak is called for each frame that is not SETTINGS; settings have been exchanged by then
 */
export async function startRawHttp2(speak: (socket: Socket, received: Frame) => void): Promise<string> {
  const server = createServer((socket) => {
    let rest = Buffer.alloc(0)
    let isGreeted = false
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      if (!isGreeted && rest.length >= PREFACE.length) {
        rest = rest.subarray(PREFACE.length)
        isGreeted = true
        socket.write(frame(SETTINGS, 0, 0))
      }
      if (!isGreeted) return
      while (rest.length >= HEADER_BYTES) {
        const length = rest.readUIntBE(0, 3)
        if (rest.length < HEADER_BYTES + length) return
        const received = {
          type: rest.readUInt8(3),
          flags: rest.readUInt8(4),
          streamId: rest.readUInt32BE(5),
          payload: rest.subarray(HEADER_BYTES, HEADER_BYTES + length),
        }
        rest = rest.subarray(HEADER_BYTES + length)
        if (received.type !== SETTINGS) speak(socket, received)
        else if ((received.flags & ACK) === 0) socket.write(frame(SETTINGS, ACK, 0))
      }
    })
  })
  return `http://${await listen(server)}`
}

/** Answers each request with these frames, of which `answer` makes the bytes. */
export function startAnswering(answer: (streamId: number) => Buffer[]): Promise<string> {
  return startRawHttp2((socket, { type, streamId }) => {
    if (type === HEADERS) socket.write(Buffer.concat(answer(streamId)))
  })
}
