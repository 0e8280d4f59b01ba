import { type ClientHttp2Session, connect } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

import type { Dialer } from './dial.ts'
import { Http2Timeout, Http2Unspoken } from './failure.ts'

/** What an upstream may send ahead of a reader, in bytes: for one stream, and for all of a connection. */
const STREAM_WINDOW = 256 * 1024
const CONNECTION_WINDOW = 4 * 1024 * 1024

/** An answer's head and trailers, each: bytes and fields. */
const MAX_HEAD_BYTES = 64 * 1024
const MAX_HEAD_FIELDS = 256

/** What nghttp2 may keep for one connection, in MB: chunks of all its streams that wait for the upstream's window. */
const MAX_SESSION_MEMORY = 64

/** Why an HTTP/2 connection is asked for in TLS, and refused where it is not given. */
const ALPN_ADVICE = 'the upstream does not offer HTTP/2 (ALPN h2); use protocol http1 for it'

export interface OpenOptions {
  dialer: Dialer
  origin: string
  /** For name, connection, TLS and the upstream's settings together, in milliseconds. */
  connectMs: number
  opened: (session: ClientHttp2Session) => void
  failed: (cause: Error) => void
}

/**
 * Opens a connection and waits for the upstream's settings, which must come first: before them it is not known to speak
 * HTTP/2, nor how many streams it takes. One of the two is called, later and once.
 * @returns gives up
 * @see RFC 9113 §3.3, §3.4
 */
export function openSession({ dialer, origin, connectMs, opened, failed }: OpenOptions): () => void {
  const socket = dialer.dial()
  let session: ClientHttp2Session | undefined
  let isSettled = false
  const settle = (cause: Error | undefined): void => {
    if (isSettled) return
    isSettled = true
    clearTimeout(deadline)
    if (session && !cause) {
      opened(session)
      return
    }
    session?.destroy()
    socket.destroy()
    if (cause) failed(cause)
  }
  const late = new Http2Timeout(`the upstream did not begin to speak HTTP/2 within ${connectMs} ms`)
  const deadline = setTimeout(() => settle(late), connectMs)
  socket.on('error', (error: NodeJS.ErrnoException) => settle(refusesAlpn(error) ? unspoken(error) : error))
  socket.once('close', () => settle(new Error('the upstream closed the connection before it spoke HTTP/2')))
  socket.once(dialer.ready, () => {
    if (isSettled) return
    if (dialer.ready === 'secureConnect' && !offersHttp2(socket)) {
      settle(new Http2Unspoken(ALPN_ADVICE))
      return
    }
    session = speak(origin, socket)
    session.once('remoteSettings', () => settle(undefined))
    session.on('error', (error) => settle(error))
    session.once('close', () => settle(new Error('the upstream closed the connection before its settings came')))
  })
  return () => settle(new Error('given up'))
}

function speak(origin: string, socket: Socket): ClientHttp2Session {
  const session = connect(origin, {
    createConnection: () => socket,
    maxSessionMemory: MAX_SESSION_MEMORY,
    maxHeaderListPairs: MAX_HEAD_FIELDS,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW, maxHeaderListSize: MAX_HEAD_BYTES },
    ...FIELDS_AS_THEY_ARE,
  })
  session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW))
  return session
}

/** A field that the client has sent twice is the app's to judge; Node would throw. Not in its types yet. */
const FIELDS_AS_THEY_ARE = { strictSingleValueFields: false }

function offersHttp2(socket: Socket): boolean {
  return (socket as TLSSocket).alpnProtocol === 'h2'
}

/** A server that knows ALPN, and none of what we offer, ends the handshake (RFC 7301 §3.2). */
function refusesAlpn(error: NodeJS.ErrnoException): boolean {
  return error.code?.endsWith('_NO_APPLICATION_PROTOCOL') === true
}

function unspoken(cause: Error): Error {
  return new Http2Unspoken(ALPN_ADVICE, { cause })
}
