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

/**
 * A client may send requests ahead (RFC 9112 §9.3.2), but the next one is nobody's before the last one has its answer: it might
 * overtake what changes something, and one connection would take every place at an app. Nothing is taken behind a
 * refused request, nor behind one with an Upgrade that is not taken up: of that, Node throws a part of what follows away.
 * @param handle answers a request
 */
export function inOrder(handle: Handle): InOrder {
  const latest = new WeakMap<object, ServerResponse>()
  const ahead = new WeakMap<object, number>()
  const closing = new WeakSet<object>()

  function wait(request: IncomingMessage, response: ServerResponse, before: ServerResponse): void {
    const { socket } = request
    const waiting = (ahead.get(socket) ?? 0) + 1
    if (waiting > MAX_AHEAD) {
      socket.destroy()
      return
    }
    ahead.set(socket, waiting)
    before.once('close', () => {
      ahead.set(socket, (ahead.get(socket) ?? 1) - 1)
      if (!socket.destroyed && !followsRefused(request)) handle(request, response)
    })
  }

  return {
    request(request, response) {
      const { socket } = request
      if (closing.has(socket) || followsRefused(request)) return
      if (request.headers.upgrade !== undefined) {
        closing.add(socket)
        response.shouldKeepAlive = false
      }
      const before = latest.get(socket)
      latest.set(socket, response)
      if (before === undefined || before.closed) handle(request, response)
      else wait(request, response, before)
    },
    mayUpgrade(request) {
      const before = latest.get(request.socket)
      return !closing.has(request.socket) && !followsRefused(request) && (before === undefined || before.closed)
    },
  }
}
