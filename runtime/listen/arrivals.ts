import type { Socket } from 'node:net'

/** No connection waits longer for others that arrive with it, in milliseconds. */
const LONGEST_MS = 5

/**
 * Lets connections that arrive together begin together. libuv accepts one in a turn of its event loop: were the first one served at
 * once, each turn would take longer than the one before, and the last of 64 would wait a tenth of a second to be accepted.
 * @param begin given each connection, in their order
 * @returns what is given each connection as it was accepted
 */
export function beginTogether(begin: (socket: Socket) => void): (socket: Socket) => void {
  let waiting: Socket[] = []
  let known = 0
  let since = 0

  function look(): void {
    const isLast = waiting.length === known || performance.now() - since > LONGEST_MS
    if (!isLast) {
      known = waiting.length
      setImmediate(look)
      return
    }
    const arrived = waiting
    waiting = []
    known = 0
    for (const socket of arrived) if (!socket.destroyed) begin(socket)
  }

  return (socket) => {
    if (waiting.length === 0) {
      since = performance.now()
      setImmediate(look)
    }
    waiting.push(socket)
  }
}
