/** Headers in which some app or gateway looks for who is there or where a request came from; none may come from a client. */
export const SPOOFED: readonly string[] = [
  // Ours, and those whose mode we speak.
  'X-Gatewright-Assertion',
  'X-Gatewright-Anything',
  'X-Pomerium-Jwt-Assertion',
  'X-Pomerium-Claim-Email',
  // oauth2-proxy, Traefik, nginx auth_request, Apache, Grafana, Kubernetes.
  'X-Forwarded-User',
  'X-Forwarded-Email',
  'X-Forwarded-Groups',
  'X-Forwarded-Preferred-Username',
  'X-Forwarded-Access-Token',
  'X-Auth-Request-User',
  'X-Auth-Request-Email',
  'X-Auth-Request-Access-Token',
  'X-Remote-User',
  'X-Remote-Group',
  'X-Remote-Extra-Scopes',
  'Remote-User',
  'Remote-Email',
  'Remote-Groups',
  'Remote-Name',
  'X-User',
  'X-WebAuth-User',
  'X-Authenticated-User',
  // Cloud gateways.
  'X-Goog-IAP-JWT-Assertion',
  'X-Goog-Authenticated-User-Email',
  'Cf-Access-Jwt-Assertion',
  'Cf-Access-Authenticated-User-Email',
  'X-MS-Client-Principal',
  'X-MS-Client-Principal-Name',
  'X-MS-Token-AAD-Id-Token',
  'X-Amzn-Oidc-Data',
  'X-Amzn-Oidc-Identity',
  // Self-hosted ones, and federation modules.
  'X-Vouch-User',
  'X-Authentik-Username',
  'X-Authelia-Username',
  'Tailscale-User-Login',
  'OIDC_CLAIM_email',
  'Mellon-User',
  'Shib-Session-Id',
  // Client certificates.
  'X-Client-Cert',
  'Client-Cert',
  'X-SSL-Client-S-DN',
  'SSL-Client-Cert',
  'X-Amzn-Mtls-Clientcert',
  // Where a request came from, and what it was before a rewrite.
  'Forwarded',
  'X-Forwarded-Prefix',
  'X-Forwarded-Uri',
  'X-Forwarded-Port',
  'X-Forwarded-Server',
  'X-Forwarded-Method',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Forwarded-Host',
  'X-Original-URL',
  'X-Original-Host',
  'X-Rewrite-URL',
  'X-Real-IP',
  'True-Client-IP',
  'X-Client-IP',
  'CF-Connecting-IP',
  // Become environment variables, or belong to one connection.
  'Proxy',
  'Proxy-Authorization',
  'Proxy-Connection',
  'Keep-Alive',
  'Content_Length',
  'Transfer.Encoding',
]

/** All spellings that some app folds into the same variable. */
export function aliasesOf(name: string): string[] {
  const signs = ['_', '.', '!', '~', '^', '|', "'", '`', '*', '+', '$', '%', '&', '#']
  return [
    ...new Set([
      name,
      name.toLowerCase(),
      name.toUpperCase(),
      ...signs.map((sign) => name.replaceAll(/[-_.]/g, sign)),
      name.replace('-', '_'),
      name.replace(/-([^-]*)$/, '_$1'),
    ]),
  ]
}

/** A name as an app behind CGI, WSGI or PHP sees it (RFC 3875 §4.1.18). */
export function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')
}
