import { createHash, randomBytes } from 'node:crypto'

import { boundedFetch } from '../outbound/index.ts'
import { reasonOf } from './connection-error.ts'
import type { Reach } from './document.ts'
import { type Reading, readAnswer } from './reading.ts'
import { type CallbackVerdict, judgeCompared, judgeSilent } from './verdict.ts'

/** Registered nowhere: `.invalid` never is a name (RFC 2606 §2). */
const CONTROL = 'https://not-registered.invalid/callback'

/** What stands in a sign-in's first request. */
export interface AuthorizationRequest {
  /** The provider's authorization endpoint. */
  endpoint: string
  clientId: string
  callbackUrl: string
}

/**
 * Finds out whether a provider takes sign-ins that lead back to the callback. Nobody signs in, and no secret is sent. First
 * it asks with `prompt=none`, which a provider that knows the callback has to send back to it; where that tells nothing, it
 * compares an ordinary request with one for an address that nobody has registered.
 */
export async function testCallback(request: AuthorizationRequest, reach: Reach): Promise<CallbackVerdict> {
  const verdict = judgeSilent(await ask(request, 'none', reach))
  if (verdict) return verdict
  const [asked, control] = await Promise.all([
    ask(request, undefined, reach),
    ask({ ...request, callbackUrl: CONTROL }, undefined, reach),
  ])
  return judgeCompared(asked, control)
}

async function ask(request: AuthorizationRequest, prompt: 'none' | undefined, reach: Reach): Promise<Reading> {
  const url = authorizationUrl(request, prompt)
  try {
    // As a browser does: some answer JSON otherwise.
    const response = await boundedFetch(url, { headers: { accept: 'text/html' }, ...reach })
    const location = response.headers.get('location')
    const body = await response.text()
    const target = location === null ? undefined : URL.parse(location, url)?.href
    return readAnswer({ status: response.status, location: target, body }, request.callbackUrl)
  } catch (cause) {
    return { kind: 'no-answer', why: `the provider gave no answer: ${reasonOf(cause)}` }
  }
}

/**
 * A sign-in as the gateway begins it, with state, nonce and PKCE (RFC 7636 §4.3) that are used by nobody.
 * @param prompt as in OpenID Connect Core 1.0 §3.1.2.1
 */
function authorizationUrl({ endpoint, clientId, callbackUrl }: AuthorizationRequest, prompt: 'none' | undefined): URL {
  const url = new URL(endpoint)
  const made = (): string => randomBytes(32).toString('base64url')
  const parameters = {
    client_id: clientId,
    redirect_uri: callbackUrl,
    response_type: 'code',
    scope: 'openid',
    state: made(),
    nonce: made(),
    code_challenge: createHash('sha256').update(made()).digest('base64url'),
    code_challenge_method: 'S256',
    ...(prompt && { prompt }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}
