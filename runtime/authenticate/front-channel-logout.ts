import type { Provider } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { AuthenticateContext } from './context.ts'

/** Longer than any provider's session id. */
const MAX_SID = 512

/**
 * An identity provider loads this in a frame when it ends a session (OpenID Connect Front-Channel Logout 1.0 §2): a best
 * effort, for providers that know nothing else. Our cookies do not come along into a foreign frame, so the provider's own
 * session id has to say which; what a stranger would have to guess is that.
 * @returns the same page whatever it found
 * @throws Refusal `not_found` when there is no such provider
 */
export async function endByFrontChannel(
  context: AuthenticateContext,
  providerId: string,
  request: Request,
): Promise<Response> {
  const provider = context.providers.get(providerId)
  if (!provider) throw new Refusal('not_found', 'there is no such identity provider')
  const session = readSession(provider, new URL(request.url).searchParams)
  if (session && request.method === 'GET') {
    const ended = await context.sessions.endOf(session.issuer, { sid: session.sid })
    context.log.info({ identityProvider: providerId, ended }, 'The provider ended sessions by a frame')
  }
  return new Response('<!doctype html><title>Signed out</title>', { headers: frameHeaders(provider) })
}

/** Both parameters, once each (§2: `iss` and `sid` come together or not at all). */
function readSession(provider: Provider, query: URLSearchParams): { issuer: string; sid: string } | undefined {
  const [issuers, sids] = [query.getAll('iss'), query.getAll('sid')]
  const [issuer = '', sid = ''] = [issuers[0], sids[0]]
  const isSingle = issuers.length === 1 && sids.length === 1
  return isSingle && sid !== '' && sid.length <= MAX_SID && provider.isIssuer(issuer) ? { issuer, sid } : undefined
}

/** As our pages have, but for the frame: the provider's, and nobody else's. */
function frameHeaders({ config }: Provider): Record<string, string> {
  const origins = [config.issuer, config.endpoints?.endSession].flatMap((url) => (url ? [new URL(url).origin] : []))
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; frame-ancestors ${[...new Set(origins)].join(' ')}`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}
