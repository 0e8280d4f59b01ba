import { createServer, type Http2Server, type ServerHttp2Session, type ServerOptions } from 'node:http2'

import { MAX_HEAD_BYTES, MAX_HEADERS, presentAsHttp1 } from '../wire/index.ts'
import { guardSession, MAX_STREAMS, STREAM_WINDOW } from './session-guard.ts'
import type { RequestHandler } from './listener.ts'

/** A field counts for 32 bytes more than its name and value (RFC 9113 §6.5.2); apart from that the bound is HTTP/1.1's. */
const MAX_HEADER_BYTES = MAX_HEAD_BYTES + MAX_HEADERS * 32

/**
 * What an app sends twice is not ours to judge, and Node would throw where nobody catches. Its types do not know the option yet.
 */
const FIELDS_AS_THEY_ARE = { strictSingleValueFields: false }

/**
 * Against what one connection can ask for. Node and nghttp2 bound by themselves: CONTINUATION frames of one field block (8),
 * acknowledgements that a peer does not read (1,000), entries of a SETTINGS frame (32), memory of a session (10 MB).
 */
const OPTIONS = {
  settings: {
    maxConcurrentStreams: MAX_STREAMS,
    maxHeaderListSize: MAX_HEADER_BYTES,
    initialWindowSize: STREAM_WINDOW,
    // WebSockets come by HTTP/1.1 (RFC 8441 is not spoken).
    enableConnectProtocol: false,
  },
  maxHeaderListPairs: MAX_HEADERS + 8,
  /** Rapid reset (CVE-2023-44487): streams that a peer may cancel at once, and in a second after that. */
  streamResetBurst: 200,
  streamResetRate: 50,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  ...FIELDS_AS_THEY_ARE,
} as const satisfies ServerOptions

/** Speaks HTTP/2 on connections that are handed to it. */
export interface Http2Part {
  server: Http2Server
  /** Lets running requests finish, takes no more (GOAWAY), and closes each connection then. */
  drain(): void
  /** Ends what is left. */
  cut(): void
}

/**
 * @param handle given each request, its fields in HTTP/1.1's form
 * @param failed told of a connection that a peer's mistake has ended
 */
export function createHttp2Part(handle: RequestHandler, failed: (error: Error) => void): Http2Part {
  const sessions = new Set<ServerHttp2Session>()
  let isDraining = false
  const server = createServer(OPTIONS)
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    guardSession(session)
    if (isDraining) session.close()
  })
  server.on('request', (request, response) => {
    presentAsHttp1(request)
    handle(request, response)
  })
  // Without this listener Node answers 100 Continue before any policy was asked.
  server.on('checkContinue', (request, response) => {
    presentAsHttp1(request)
    handle(request, response)
  })
  server.on('sessionError', failed)
  return {
    server,
    drain() {
      isDraining = true
      for (const session of sessions) session.close()
    },
    cut() {
      for (const session of sessions) session.destroy()
    },
  }
}
