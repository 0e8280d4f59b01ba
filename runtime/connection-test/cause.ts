/**
 * By what a failed call tells why it failed, and what somebody may do about it. The first that fits counts.
 * @see https://nodejs.org/api/errors.html#nodejs-error-codes
 */
const CAUSES: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [
    /^ERR_PRIVATE_ADDRESS$/,
    'Its name leads into a private network: if it is yours, say allowPrivateAddresses: true at the provider.',
  ],
  [
    /^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_(?!HAS_EXPIRED|NOT_YET))/,
    'Its certificate is not trusted here: one of an authority of your own, or of a proxy that looks into TLS? Then name that authority in NODE_EXTRA_CA_CERTS.',
  ],
  [/^CERT_/, 'Its certificate is not valid at this time: look at the certificate, and at the clock of this machine.'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'Its certificate is another host’s: is the address the right one, or does a proxy answer?',
  ],
  [/^(?:ERR_SSL_|ERR_TLS_|EPROTO)/, 'What answers there speaks no TLS that we know: a proxy, or another port?'],
  [
    /^ENOTFOUND$/,
    'There is no such host, as seen from here: is it spelled right, and does this network’s DNS know it?',
  ],
  [/^EAI_AGAIN$/, 'This machine’s DNS does not answer: is the network there?'],
  [/^ECONNREFUSED$/, 'Nothing listens there, or a firewall refuses it: is the provider up, and the port right?'],
  [
    /^(?:ETIMEDOUT|UND_ERR_.*TIMEOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/,
    'A proxy or firewall on the way may swallow it: may this machine call it directly?',
  ],
  [/^(?:ECONNRESET|UND_ERR_SOCKET|EPIPE)$/, 'Something on the way cuts connections off: a proxy or a firewall?'],
  [
    /^issuer_mismatch$/,
    'The wrong tenant, realm or environment? Write the issuer as its document says it, if you trust that one.',
  ],
  [/^discovery_failed$/, 'The wrong tenant, realm or path, or a proxy that answers in its place?'],
]

/**
 * The likely cause of a failed call, in words, with what to do.
 * @param error what was thrown; codes of its causes count, too
 * @returns undefined where nothing is known
 */
export function likelyCause(error: unknown): string | undefined {
  const codes = codesOf(error)
  return CAUSES.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1]
}

/** The innermost first, which tells most. */
function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: unknown }
  return [...codesOf(cause), ...[code, name].filter((text) => typeof text === 'string')]
}

/** What an answer of a token endpoint to a client that it does not take may mean. */
export function refusedClientCause(said: string, kind: string): string {
  if (/AADSTS7000222|expired/i.test(said)) return 'The secret has expired there.'
  if (/AADSTS700016|AADSTS90002|not found|unknown/i.test(said)) {
    return 'The client is not known there: the wrong tenant, or deleted by hand?'
  }
  if (/unauthorized_client|grant/i.test(said)) {
    return 'The client may not use the authorization code grant: switch it on there.'
  }
  const place =
    kind === 'google' || kind === 'oidc' ? 'what stands in the provider’s console' : 'what this stack has registered'
  return `Client id, secret or way of showing it (authMethod) is not ${place}.`
}
