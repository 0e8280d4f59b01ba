import type { IncomingMessage, ServerResponse } from 'node:http'

import { followsRefused } from '../wire/index.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** Requests that a connection may send ahead of its answers. */
const MAX_AHEAD = 100

/** Hands on the requests of each HTTP/1 connection one after the other. */
export interface InOrder {
  request: Handle
  /** Whether nothing is under way on a request's connection, so that it may become something else. */
  mayUpgrade: (request: IncomingMessage) => boolean
}

/** One connection. */
interface Connection {
  /** The answer to its last request. */
  latest: ServerResponse | undefined
  /** Requests that wait for an answer to another. */
  ahead: number
  /** Nothing more is taken. */
  isClosing: boolean
}

/**
 * A client may send requests ahead (RFC 9112 §9.3.2), but the next one is nobody's before the last one has its answer: it might
 * overtake what changes something, and one connection would take every place at an app. Nothing is taken behind a
 * refused request, nor behind one with an Upgrade that is not taken up: of that, Node throws a part of what follows away.
 * @param handle answers a request
 */
export function inOrder(handle: Handle): InOrder {
  const connections = new WeakMap<object, Connection>()

  function connectionOf(socket: object): Connection {
    const known = connections.get(socket)
    if (known) return known
    const made: Connection = { latest: undefined, ahead: 0, isClosing: false }
    connections.set(socket, made)
    return made
  }

  function wait(connection: Connection, request: IncomingMessage, response: ServerResponse, before: ServerResponse) {
    const { socket } = request
    if (connection.ahead >= MAX_AHEAD) {
      socket.destroy()
      return
    }
    connection.ahead += 1
    before.once('close', () => {
      connection.ahead -= 1
      if (!socket.destroyed && !followsRefused(request)) handle(request, response)
    })
  }

  return {
    request(request, response) {
      const connection = connectionOf(request.socket)
      if (connection.isClosing || followsRefused(request)) return
      if (request.headers.upgrade !== undefined) {
        connection.isClosing = true
        response.shouldKeepAlive = false
      }
      const before = connection.latest
      connection.latest = response
      if (before === undefined || before.closed) handle(request, response)
      else wait(connection, request, response, before)
    },
    mayUpgrade(request) {
      const { isClosing, latest } = connectionOf(request.socket)
      return !isClosing && !followsRefused(request) && (latest === undefined || latest.closed)
    },
  }
}
