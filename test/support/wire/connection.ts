import { connect, type Socket } from 'node:net'

/** Whatever is asked has an answer by then, in milliseconds. */
const DEADLINE_MS = 8_000

/** A connection on which a test writes and reads bytes as it likes. */
export interface Connection {
  readonly socket: Socket
  /** Text is latin1. */
  send(bytes: string | Buffer): void
  /** All that came until now, as latin1. */
  received(): string
  /** Settles when what came fits; rejects when the connection ends before, or nothing fits in time. */
  until(fits: RegExp | ((received: string) => boolean)): Promise<string>
  /** Settles with all that came when the connection has ended; rejects when it does not in time. */
  ended(): Promise<string>
  close(): void
}

/**
 * @param port on 127.0.0.1
 * @param bytes sent as soon as the connection stands
 */
export function openConnection(port: number, bytes: string | Buffer = ''): Connection {
  const socket = connect({ port, host: '127.0.0.1' })
  const chunks: Buffer[] = []
  const received = (): string => Buffer.concat(chunks).toString('latin1')
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A reset is an end like any other: what came before it counts.
  socket.on('error', () => socket.destroy())
  const send = (content: string | Buffer): void => {
    socket.write(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
  }
  const waiting = (look: () => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const settle = (verdict: () => void): void => {
        clearTimeout(deadline)
        socket.off('data', check).off('close', closed)
        verdict()
      }
      const check = (): void => {
        if (look()) settle(() => resolve(received()))
      }
      const said = (): string => JSON.stringify(received().slice(0, 2_000))
      const closed = (): void => {
        if (look()) return check()
        return settle(() => reject(new Error(`the connection ended with ${said()}`)))
      }
      const deadline = setTimeout(
        () => settle(() => reject(new Error(`after ${DEADLINE_MS} ms there is ${said()}`))),
        DEADLINE_MS,
      )
      socket.on('data', check).on('close', closed)
      if (socket.closed) closed()
      else check()
    })
  if (bytes.length > 0) send(bytes)
  return {
    socket,
    send,
    received,
    until: (fits) => waiting(() => (fits instanceof RegExp ? fits.test(received()) : fits(received()))),
    ended: () => waiting(() => socket.closed),
    close: () => void socket.destroy(),
  }
}

/** Sends bytes and gives all that came back until the connection ended. */
export async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const connection = openConnection(port, bytes)
  try {
    return await connection.ended()
  } finally {
    connection.close()
  }
}
