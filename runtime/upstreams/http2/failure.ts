import { constants } from 'node:http2'

import type { UpstreamFailure } from '../contract.ts'
import { AnswerError } from './answer-head.ts'

/** An upstream that has not answered in time, be it to a connection or a ping. */
export class Http2Timeout extends Error {
  override name = 'Http2Timeout'
}

/** An upstream that speaks something else. */
export class Http2Unspoken extends Error {
  override name = 'Http2Unspoken'
}

/** Reset codes that say that one of both does not keep to the protocol, or to a bound (RFC 9113 §7). */
const PROTOCOL_RESETS: ReadonlySet<number> = new Set([
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_FLOW_CONTROL_ERROR,
  constants.NGHTTP2_FRAME_SIZE_ERROR,
  constants.NGHTTP2_COMPRESSION_ERROR,
  // Ours for a head that is too large.
  constants.NGHTTP2_ENHANCE_YOUR_CALM,
  constants.NGHTTP2_INADEQUATE_SECURITY,
  constants.NGHTTP2_HTTP_1_1_REQUIRED,
])

/** How a stream ended that should not have. */
export interface StreamEnd {
  error: Error | undefined
  /** The reset's code, ours or theirs. */
  resetCode: number
  /** Undefined when it never left. */
  streamId: number | undefined
  /** The last stream that the upstream will work on, as its GOAWAY said. */
  lastStreamId: number
}

/**
 * Names a stream's failure.
 * @see RFC 9113 §8.7 for what the upstream has certainly not begun on
 */
export function streamFailure({ error, resetCode, streamId, lastStreamId }: StreamEnd): UpstreamFailure {
  const cause = error ?? new Error(`the stream ended with code ${resetCode} before the answer was whole`)
  const untouched = streamId === undefined || streamId > lastStreamId || resetCode === constants.NGHTTP2_REFUSED_STREAM
  return { code: untouched ? 'upstream_closed' : codeOf(cause, resetCode), cause, untouched }
}

/** Names the failure of a connection that no request has left on. */
export function connectionFailure(cause: Error): UpstreamFailure {
  const code = codeOf(cause, constants.NGHTTP2_NO_ERROR)
  return { code: code === 'upstream_closed' ? 'upstream_unreachable' : code, cause, untouched: true }
}

function codeOf(cause: NodeJS.ErrnoException, resetCode: number): UpstreamFailure['code'] {
  if (cause instanceof Http2Timeout) return 'upstream_timeout'
  if (cause instanceof AnswerError || cause instanceof Http2Unspoken) return 'upstream_protocol'
  // Node's name for what nghttp2 could not parse.
  if (PROTOCOL_RESETS.has(resetCode) || cause.code === 'ERR_HTTP2_ERROR') return 'upstream_protocol'
  return 'upstream_closed'
}
