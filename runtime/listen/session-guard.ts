import { constants, type ServerHttp2Session } from 'node:http2'

/** Streams that one connection may have open at once. */
export const MAX_STREAMS = 100

/** How much of a body may be on its way on one stream, in bytes: HTTP/2's own default. */
export const STREAM_WINDOW = 65_535

/** A connection must have its first request by then, as one of HTTP/1.1 must have a complete head; in milliseconds. */
const FIRST_REQUEST_MS = 15_000

/** Between requests, as for HTTP/1.1: load balancers keep connections for 60 s, and must be the ones who close. */
const IDLE_MS = 66_000

/**
 * PING and SETTINGS frames that a peer may send in a second, and at once before that counts: each is answered (CVE-2019-9512,
 * CVE-2019-9515). gRPC measures its connection by a PING per round trip.
 */
const CONTROL_FRAMES = { perSecond: 100, burst: 1_000 }

/**
 * Bounds what a peer can do with one HTTP/2 connection, beyond what nghttp2 and Node do: idle time, control frames, and a
 * window for the connection that no single unread body can close for all others.
 */
export function guardSession(session: ServerHttp2Session): void {
  // All streams' windows together: by default the connection has no more than one of them.
  session.setLocalWindowSize(MAX_STREAMS * STREAM_WINDOW)
  let open = 0
  let hasBegun = false
  session.on('stream', (stream) => {
    open += 1
    stream.once('close', () => (open -= 1))
    if (hasBegun) return
    hasBegun = true
    session.setTimeout(IDLE_MS)
  })
  session.setTimeout(FIRST_REQUEST_MS)
  session.on('timeout', () => {
    // What is silent in the middle of a request is the proxy's to end.
    if (open === 0) session.close()
  })
  const count = controlFrames(session)
  session.on('ping', count).on('remoteSettings', count)
}

/** A bucket of frames that fills up by the second. */
function controlFrames(session: ServerHttp2Session): () => void {
  let left = CONTROL_FRAMES.burst
  let filledAt = performance.now()
  return () => {
    left -= 1
    if (left >= 0) return
    const now = performance.now()
    left = Math.min(CONTROL_FRAMES.burst, Math.floor(((now - filledAt) / 1_000) * CONTROL_FRAMES.perSecond)) - 1
    filledAt = now
    if (left < 0) session.destroy(new Error('too many control frames'), constants.NGHTTP2_ENHANCE_YOUR_CALM)
  }
}
