import { MAX_HEAD_BYTES } from '../wire/index.ts'

/** What a client may ask of one HTTP/1.1 connection. Times are in milliseconds. */
export const SERVER_LIMITS = {
  /** Bytes of request line and fields together, and of trailers; 431 above. */
  headBytes: MAX_HEAD_BYTES,
  /** For a complete head, from the first byte or from the connection on. */
  headMs: 15_000,
  /** Between requests. Load balancers keep connections for 60 s: they must be the ones who close. */
  keepAliveMs: 68_000,
  /** What clients are told of it: less than that by how coarse the clock is, so that none begins a request on a connection that is about to close. */
  keepAliveSaidSeconds: 65,
  /** Bytes that are taken ahead: of a body for which nobody has asked, or behind a request that has no answer yet. */
  aheadBytes: 64 * 1024,
  /** How long a client that has its last answer may go on sending: closing at once would make it lose that (RFC 9112 §9.6). */
  lingerMs: 4_000,
} as const
