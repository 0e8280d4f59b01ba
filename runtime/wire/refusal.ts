/**
 * Why a request is refused before anything else looks at it: code → what is wrong, in one line without foreign text.
 * Nearly every code is a 400: the sender made a mistake that no other answer would help with.
 */
const REASONS = {
  malformed: 'this is no request as RFC 9112 has it',
  too_slow: 'the head of the request did not come in time',
  version_unsupported: 'only HTTP/2, HTTP/1.1 and HTTP/1.0 are spoken here',
  method_not_allowed: 'this method is not served',
  headers_too_many: 'the request has too many header fields',
  headers_too_large: 'the header fields of the request are too large',
  header_duplicate: 'a header field that may stand once is there twice',
  host_missing: 'the request has no Host',
  host_duplicate: 'the request has more than one Host',
  host_invalid: 'the Host is not a host name with an optional port',
  pseudo_field_unknown: 'the request has a pseudo-field that is not served',
  connection_field: 'HTTP/2 has no fields about the connection, and TE is only "trailers"',
  target_not_origin_form: 'the request target must be a path',
  target_character: 'the request target holds a character that must be escaped',
  transfer_encoding_unsupported: 'Transfer-Encoding must be exactly "chunked"',
  framing_conflict: 'Transfer-Encoding and Content-Length (or HTTP/1.0) exclude each other',
  content_length_invalid: 'Content-Length must be one decimal number',
  upgrade_with_body: 'a WebSocket handshake has no body',
  websocket_key_invalid: 'Sec-WebSocket-Key must be 16 bytes in base64',
  path_escape_invalid: 'the path has a broken escape or one that is not UTF-8',
  path_control: 'the path has an encoded control character',
  path_backslash: 'the path has a backslash',
  path_encoded_dot: 'the path has an encoded dot',
  path_dot_segment: 'the path has a "." or ".." segment',
  path_encoded_slash: 'the path has an encoded slash',
  path_double_slash: 'the path has an empty segment',
  path_ambiguous: 'the path means one thing as it is written and another to servers that decode more of it',
} as const

export type WireCode = keyof typeof REASONS

/** RFC 9110 §15.5.6 and §15.5.9, RFC 6585 §5 */
const STATUS: Partial<Record<WireCode, WireRefusal['status']>> = {
  method_not_allowed: 405,
  too_slow: 408,
  headers_too_large: 431,
}

/** A request that nobody should look at any further. */
export interface WireRefusal {
  /** Stable: for logs, metrics and tests. */
  readonly code: WireCode
  readonly status: 400 | 405 | 408 | 431
  /** One line for the client; never holds anything that the client sent. */
  readonly reason: string
}

/**
 * @param code what is wrong
 * @returns the refusal that goes with it
 */
export function wireRefusal(code: WireCode): WireRefusal {
  return { code, status: STATUS[code] ?? 400, reason: REASONS[code] }
}
