import * as z from 'zod'

import { isLoopbackHost } from '../net/index.ts'

/** Keys of maps in the stack file: they stand in URLs, file names and resource names. */
export const identifier = z
  .string()
  .regex(/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'use lowercase letters, digits and dashes, starting with a letter')

/** `scheme://host[:port]` and nothing else, spelled as `URL.origin` spells it. */
export const origin = z.string().refine(isOrigin, 'write it as scheme://host or scheme://host:port, without a path')

const SAFE_URL_ADVICE = 'use https; plain http is only for hosts on this machine (localhost and *.localhost)'

/**
 * An issuer identifier: https (http on this machine alone), without query or fragment, and never the discovery address,
 * with which the issuer's check would be skipped.
 */
export const issuerIdentifier = z
  .url({ protocol: /^https?$/ })
  .refine(isSafe, SAFE_URL_ADVICE)
  .refine((url) => !/[?#]|\/\.well-known\//.test(url), 'write the issuer itself, without ?, # or /.well-known/…')

/** How long a session may lie idle, and how long it may live at all. Where several say so, the shortest counts. */
export const lifetimes = z.strictObject({
  idleSeconds: z.int().positive().optional(),
  absoluteSeconds: z.int().positive().optional(),
})

/** Where something listens. */
export const address = z.strictObject({ host: z.string(), port: z.int().min(1).max(65_535) })

/** A picture that is checked already: how it is served, and its bytes in base64. */
export const image = z.strictObject({ type: z.enum(['image/png', 'image/jpeg', 'image/svg+xml']), data: z.base64() })

/** Whether people and tokens may travel there: over TLS, or within this machine. What is no web address is not judged. */
export function isSafe(value: string): boolean {
  const url = URL.parse(value)
  return url?.protocol !== 'http:' || isLoopbackHost(url.hostname)
}

/** An address that people or tokens travel to. */
export function safeUrl() {
  return z.url({ protocol: /^https?$/ }).refine(isSafe, SAFE_URL_ADVICE)
}

/** URL takes a star for a letter of a host name; here it is none. */
export function isOrigin(value: string): boolean {
  const url = value.includes('*') ? null : URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === value
}
