import * as z from 'zod'

import { isLoopbackHost } from '../../../runtime/net/index.ts'

/** With what a tenant is administered: an application of its own, and a secret of that. */
export const administrationSchema = z.strictObject({
  /** Origin at which the tenant signs in. */
  authority: z.string().refine(isSafeOrigin, 'use https://host, without a path'),
  tenantId: z.guid(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
})

export type Administration = z.infer<typeof administrationSchema>

/**
 * Whether a token may be sent there: an origin, over TLS or within this machine.
 * @param value anything
 */
export function isSafeOrigin(value: string): boolean {
  const url = URL.parse(value)
  if (url === null || url.origin !== value) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}
