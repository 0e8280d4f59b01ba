import type { ServerOptions } from 'node:http'

import { hasBody, isWebSocketUpgrade } from './upgrade.ts'

/**
 * What `http.createServer` is given for every listener that strangers reach. The server also needs a `checkContinue`
 * listener (the same as for `request`): without it Node answers `100 Continue` before any policy was asked.
 * @see https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener
 */
export const serverOptions = {
  // `checkRequest` refuses one without, and then nothing more is read on the connection; Node's own refusal goes on reading.
  requireHostHeader: false,
  insecureHTTPParser: false,
  /** Bytes of request line and headers together; 431 above. Cookies of several apps must fit. */
  maxHeaderSize: 16 * 1024,
  /** Milliseconds for a complete head, from the first byte or from the connection on. */
  headersTimeout: 15_000,
  /** How often that is looked at, in milliseconds. */
  connectionsCheckingInterval: 2_000,
  /** Uploads may take hours; what bounds them is the proxy's idle limit. */
  requestTimeout: 0,
  /** Milliseconds between requests. Load balancers keep connections for 60 s: they must be the ones who close. */
  keepAliveTimeout: 65_000,
  keepAliveTimeoutBuffer: 1_000,
  joinDuplicateHeaders: false,
  noDelay: true,
  /** One that announces no body has none (RFC 9112 §6.3): nothing waits for its end, nor is woken by it. */
  optimizeEmptyRequests: true,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  /** One with a body stays a request, where `checkRequest` refuses it. */
  shouldUpgradeCallback: (req) => isWebSocketUpgrade(req) && !hasBody(req),
} as const satisfies ServerOptions
