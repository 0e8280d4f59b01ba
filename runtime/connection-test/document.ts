import * as z from 'zod'

import { boundedFetch } from '../outbound/index.ts'
import { ConnectionError, reasonOf } from './connection-error.ts'

/** How much of a server's own words goes into a message, in characters. */
const MAX_FOREIGN_TEXT = 300

const documentSchema = z.looseObject({ issuer: z.string() })

/** How calls to a provider are made. */
export interface Reach {
  /** As `boundedFetch` takes it: whether they may lead into a private network. */
  allowPrivateAddresses?: boolean
  /** Ends them; that counts as no answer. */
  signal: AbortSignal
}

/** A discovery document, and what came with it. */
export interface Discovered {
  document: Record<string, unknown>
  headers: Headers
}

/**
 * Reads what an issuer says of itself, once: a second try would hide how things stand, and how long they take.
 * @param issuer the issuer identifier, which the document has to repeat exactly (OpenID Connect Discovery 1.0 §4.3)
 * @throws ConnectionError
 */
export async function readDocument(issuer: string, reach: Reach): Promise<Discovered> {
  // OpenID Connect Discovery 1.0 §4.1: a slash at the end is taken away first.
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const { status, headers, body } = await askJson(url, reach)
  if (status === 429 || status >= 500) throw new ConnectionError('unreachable', `GET ${url} was answered by ${status}`)
  const document = documentSchema.safeParse(body)
  if (status !== 200 || !document.success) {
    const text = `${url} answered ${status}, not a discovery document: check the issuer`
    throw new ConnectionError('discovery_failed', text)
  }
  if (document.data.issuer !== announcedBy(issuer)) {
    const told = JSON.stringify(document.data.issuer.slice(0, MAX_FOREIGN_TEXT))
    const text = `${url} speaks for the issuer ${told}: write that one, if you trust it`
    throw new ConnectionError('issuer_mismatch', text)
  }
  return { document: document.data, headers }
}

/**
 * Asks for JSON.
 * @returns `body` undefined where the answer is no JSON
 * @throws ConnectionError `unreachable`
 */
export async function askJson(url: string, reach: Reach): Promise<{ status: number; headers: Headers; body: unknown }> {
  try {
    const response = await boundedFetch(url, { headers: { accept: 'application/json' }, ...reach })
    const { status, headers } = response
    return { status, headers, body: parseJson(await response.text()) }
  } catch (cause) {
    throw new ConnectionError('unreachable', `GET ${url} got no answer: ${reasonOf(cause)}`, { cause })
  }
}

/**
 * What the document at an issuer has to say that it is. At the addresses that Entra's tenants share it is a pattern, since
 * each token names its own tenant.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens#multitenant-applications
 */
function announcedBy(issuer: string): string {
  return issuer.replace(/^(https?:\/\/[^/]+\/)(?:common|organizations)\/v2\.0$/, '$1{tenantid}/v2.0')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // It is no JSON: the status says more than where the text goes wrong.
    return undefined
  }
}
