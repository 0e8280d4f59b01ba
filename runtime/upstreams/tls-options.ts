import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

import type { ForwardConfig } from '../config.ts'

/** How we speak TLS to an upstream; what is left out is Node's default. Certificates are always checked. */
export interface UpstreamTls {
  /** Certificates in PEM that are trusted instead of the usual ones. */
  ca?: string
  /** Asked for (SNI) and looked for in the upstream's certificate, instead of the host in its origin. */
  serverName?: string
  /** Shown to the upstream, in PEM. */
  certificate?: { cert: string; key: string }
}

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g

/**
 * What a route says about TLS, with its client certificate.
 * @param routeId names the secret `upstream-certificate.<route>`
 * @param secret gives a secret by name, and throws where it is missing
 * @throws Error when a certificate or key cannot be used; the message names the setting or secret, never its content
 */
export function upstreamTls(
  routeId: string,
  { tls, upstreams }: Pick<ForwardConfig, 'tls' | 'upstreams'>,
  secret: (name: string) => string,
): UpstreamTls {
  if (!tls) return {}
  const { ca, serverName } = tls
  const plain = upstreams.find((origin) => !origin.startsWith('https:'))
  if (plain !== undefined) throw new Error(`route ${routeId} says how to speak TLS, and its upstream ${plain} has none`)
  if (serverName !== undefined && isIP(serverName) !== 0) {
    throw new Error(`tls.serverName of route ${routeId} is an address; write a host name (RFC 6066 §3)`)
  }
  if (ca !== undefined) requireCertificates(pemBlocks(ca, 'CERTIFICATE'), `tls.ca of route ${routeId}`)
  const name = `upstream-certificate.${routeId}`
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(tls.clientCertificate ? { certificate: clientCertificate(secret(name), `the secret ${name}`) } : {}),
  }
}

/** @param where what is said to be wrong */
function clientCertificate(pem: string, where: string): { cert: string; key: string } {
  const chain = pemBlocks(pem, 'CERTIFICATE')
  const [leaf] = requireCertificates(chain, where)
  const [key, ...others] = pemBlocks(pem, 'PRIVATE KEY')
  if (key === undefined || others.length > 0) throw new Error(`${where} must have exactly one private key in PEM`)
  if (!leaf?.checkPrivateKey(parsed(() => createPrivateKey(key), `${where} has a private key that cannot be read`))) {
    throw new Error(`${where} has a key that does not belong to its first certificate`)
  }
  return { cert: chain.join('\n'), key }
}

/** OpenSSL passes over what it cannot read, and an upstream would then be trusted by nobody, or by too few. */
function requireCertificates(blocks: readonly string[], where: string): X509Certificate[] {
  if (blocks.length === 0) throw new Error(`${where} must have at least one certificate in PEM`)
  return blocks.map((block) =>
    parsed(() => new X509Certificate(block), `${where} has a certificate that cannot be read`),
  )
}

function parsed<Value>(parse: () => Value, problem: string): Value {
  try {
    return parse()
  } catch {
    // OpenSSL's reason may quote what it read.
    throw new Error(problem)
  }
}

/** @param kind how the label ends: `PRIVATE KEY` is also `EC PRIVATE KEY` (RFC 7468 §10, §11) */
function pemBlocks(pem: string, kind: string): string[] {
  return [...pem.matchAll(PEM_BLOCK)].filter(([, label]) => label?.endsWith(kind)).map(([block]) => block)
}
