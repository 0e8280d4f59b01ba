import { isIP } from 'node:net'
import { type ConnectionOptions, createSecureContext } from 'node:tls'

import type { UpstreamTls } from './tls-options.ts'

/**
 * What `tls.connect` takes besides the address; made once for each upstream, because certificates and keys are read here.
 * The upstream's certificate is always checked.
 * @param host the upstream's name or address, without brackets
 * @param protocols offered by ALPN, the preferred one first (RFC 7301)
 * @throws Error of OpenSSL when certificates or keys cannot be used
 */
export function tlsConnectOptions(host: string, tls: UpstreamTls, protocols: readonly string[]): ConnectionOptions {
  return {
    // Never from a Host header, which may be the public one. An address is no server name (RFC 6066 §3): without one Node looks
    // for the address itself in the certificate.
    servername: tls.serverName ?? (isIP(host) === 0 ? host : ''),
    rejectUnauthorized: true,
    ALPNProtocols: [...protocols],
    secureContext: createSecureContext({
      minVersion: 'TLSv1.2',
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...tls.certificate,
    }),
  }
}
