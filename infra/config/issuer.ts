import * as z from 'zod'

import { issuerIdentifier } from '../../runtime/config.ts'

/** Where people copy it from, a vendor shows a discovery address: it ends like this. */
const DISCOVERY = /\/?\.well-known\/.*$/s

/**
 * An issuer as people write it: the whole identifier, or without `https://` as vendors' consoles show it
 * (`accounts.google.com`, `auth.pingone.com/<environment>/as`).
 * @returns the identifier as the provider's tokens name it
 */
export const issuer = z
  .string()
  .refine((text) => !text.startsWith('/'), 'write the whole issuer, with its host')
  .superRefine((text, context) => {
    if (!DISCOVERY.test(text)) return
    const meant = toIssuer(text.replace(DISCOVERY, ''))
    context.addIssue({ code: 'custom', message: `write the issuer, not the address of its document: ${meant}` })
  })
  .transform(toIssuer)
  .pipe(issuerIdentifier)

/**
 * Normalises what has no scheme; a whole identifier stays as it is, because tokens are compared with it letter by letter
 * (OpenID Connect Core 1.0 §3.1.3.7).
 */
export function toIssuer(text: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(text)?.[0]
  if (scheme !== undefined) return scheme.toLowerCase() + text.slice(scheme.length)
  const [host = '', ...path] = text.split('/')
  const identifier = [`https://${host.toLowerCase()}`, ...path].join('/')
  // Auth0's issuers end with a slash, which no console shows.
  return path.length === 0 && /\.auth0\.com$/i.test(host) ? `${identifier}/` : identifier
}
