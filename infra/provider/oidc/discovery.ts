import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { type Pause, restRequest } from '../rest.ts'

/** How much of a server's own words goes into an error, in characters. */
const MAX_FOREIGN_TEXT = 300

const documentSchema = z.looseObject({
  issuer: z.string(),
  registration_endpoint: z.string().optional(),
  token_endpoint: z.string().optional(),
})

/** A discovery document, and where it was found. */
export interface Discovered {
  url: string
  document: z.output<typeof documentSchema>
  headers: Headers
}

/**
 * Reads what a server says of itself.
 * @param issuer the issuer identifier, which the document has to repeat exactly (OpenID Connect Discovery 1.0 §4.3)
 * @param pause how to wait between tries; tests give one that does not
 * @param allowPrivateAddresses false for an address that somebody merely proposes
 * @throws ProviderError `discovery_failed`, `issuer_mismatch`, `unreachable`
 */
export async function discover(
  issuer: string,
  signal: AbortSignal,
  pause?: Pause,
  allowPrivateAddresses = true,
): Promise<Discovered> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const question = { method: 'GET', url, headers: {}, signal, secrets: [], allowPrivateAddresses } as const
  const { status, body, headers } = await restRequest(question, pause)
  const document = documentSchema.safeParse(body)
  if (status !== 200 || !document.success) {
    throw new ProviderError('discovery_failed', `${url} answered ${status}, not a discovery document: check the issuer`)
  }
  if (document.data.issuer !== announcedBy(issuer)) {
    const told = JSON.stringify(document.data.issuer.slice(0, MAX_FOREIGN_TEXT))
    throw new ProviderError('issuer_mismatch', `${url} speaks for the issuer ${told}: write that one, if you trust it`)
  }
  return { url, document: document.data, headers }
}

/**
 * What the document at an issuer has to say that it is. At the addresses that Entra's tenants share it is a pattern, since
 * each token names its own tenant.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens#multitenant-applications
 */
function announcedBy(issuer: string): string {
  return issuer.replace(/^(https?:\/\/[^/]+\/)(?:common|organizations)\/v2\.0$/, '$1{tenantid}/v2.0')
}
