/**
 * Fields of an HTTP/1.1 connection, which no HTTP/2 message may have (RFC 9113 §8.2.2). TE is one too, except in requests and
 * with `trailers` alone.
 */
export const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])
