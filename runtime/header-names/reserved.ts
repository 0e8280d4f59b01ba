/**
 * Request header fields that never pass from a client to an upstream, with the reason for each group. Names are in
 * folded spelling; see `foldName`.
 */

/** Belong to one connection, not to the message (RFC 9110 §7.6.1; `proxy-*` RFC 9110 §11.7; `http2-settings` RFC 9113 §3.1). */
export const HOP_BY_HOP: ReadonlySet<string> = names(
  'connection keep-alive proxy-connection te transfer-encoding upgrade trailer http2-settings',
  'proxy-authorization proxy-authenticate proxy-authentication-info',
)

/** Written anew by us: Host (RFC 9112 §3.2), framing (§6.1, §6.2), Expect, which we answer ourselves (RFC 9110 §10.1.1). */
export const REWRITTEN = names('host content-length expect')

/** Say where a request came from; nobody in front of us is trusted to say that (RFC 7239 §8.1). */
const ORIGIN_CLAIMS = names(
  'forwarded true-client-ip client-ip x-client-ip x-cluster-client-ip x-real-ip cf-connecting-ip cf-connecting-ipv6',
  'fastly-client-ip x-azure-clientip x-azure-socketip x-appengine-user-ip x-envoy-external-address',
  'front-end-https x-url-scheme x-scheme x-host x-http-host-override',
)

/** Become the CGI variable HTTP_PROXY, which HTTP clients in the app obey (CVE-2016-5385). */
const ENVIRONMENT = names('proxy')

/** Say who somebody is where some other gateway stands in front of an app (CVE-2025-64484, CVE-2026-30851). */
const IDENTITY = names(
  'remote-user remote-email remote-groups remote-group remote-name remote-roles x-remote-name x-remote-email x-remote-groups',
  'x-user x-user-id x-user-name x-username x-user-email x-user-groups x-user-roles x-email x-groups x-roles x-userinfo',
  'x-auth-user x-auth-username x-auth-email x-auth-groups x-auth-roles x-auth-name x-auth-subject x-jwt-assertion',
  'x-consumer-id x-consumer-username x-consumer-groups x-consumer-custom-id x-credential-identifier x-anonymous-consumer',
  'x-endpoint-api-userinfo x-apigateway-api-userinfo x-sso-user x-proxy-user x-ssl-user x-iap-jwt-assertion eppn',
)

/** Say which certificate a client has shown (RFC 9440 §2.1 asks for their removal). */
const CLIENT_CERTIFICATE = names(
  'client-cert client-cert-chain x-client-cert x-arr-clientcert x-tls-client-cert ssl-client-cert',
)

/** Whole families: everything that begins so. */
const FAMILIES = [
  // Ours, and those whose mode we speak.
  'x-gatewright- x-pomerium-',
  // Where a request came from, and which address it had before a rewrite (CVE-2026-40575, GHSA-6384-m2mw-rf54).
  'x-forwarded- x-original- x-rewrite- x-real-',
  // oauth2-proxy, nginx auth_request, Apache, Grafana, Kubernetes.
  'x-auth-request- x-webauth- x-authenticated- x-remote-user x-remote-group x-remote-extra-',
  // Cloud gateways.
  'x-goog-iap- x-goog-authenticated-user- cf-access- x-ms-client-principal x-ms-token- x-amzn-oidc-',
  // Self-hosted gateways and federation modules.
  'x-vouch- x-authentik- x-authelia- tailscale- x-tailscale- x-pangolin- oidc- mellon- shib-',
  // Client certificates.
  'x-ssl-client- ssl-client- x-amzn-mtls-',
]

const FAMILY = new RegExp(`^(?:${[...names(...FAMILIES)].join('|')})`)

/** Not ours to drop, but no other name may be taken for them once an app has folded it. */
const NO_ALIAS = names('cookie authorization content-type origin')

/**
 * The spelling in which a CGI, WSGI or PHP app sees a name, with `-` for everything that is no letter and no digit:
 * `X_Forwarded.User` and `x-forwarded-user` are one to it (CVE-2025-64484, CVE-2026-88011).
 * @param name a header name in any case
 * @see RFC 3875 §4.1.18
 */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '-')
}

/**
 * Says whether a request header is kept from every upstream, on every route.
 * @param name the name as it was sent
 */
export function isReserved(name: string): boolean {
  const folded = foldName(name)
  if (NO_ALIAS.has(folded)) return name.toLowerCase() !== folded
  if (HOP_BY_HOP.has(folded) || REWRITTEN.has(folded) || ENVIRONMENT.has(folded)) return true
  return IDENTITY.has(folded) || ORIGIN_CLAIMS.has(folded) || CLIENT_CERTIFICATE.has(folded) || FAMILY.test(folded)
}

/** @returns the words of some lines */
export function names(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')))
}
