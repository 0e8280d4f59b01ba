/** What may sign a token of somebody else: keys that its issuer alone has, so no `none` and no HMAC (RFC 8725 §3.1). */
export const SIGNING_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/** By how much an issuer's clock and ours may differ (RFC 7519 §4.1.4). */
export const SKEW_SECONDS = 60
