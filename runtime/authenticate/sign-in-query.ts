import { Refusal } from '../refusal.ts'
import { single } from './single-value.ts'
import type { AuthenticateContext } from './context.ts'
import { type HandOverRequest, openHandOverRequest, requestedAddress } from './hand-over-request.ts'

/** A longer one is no name that anybody signs in with (RFC 5321 §4.5.3.1.3). */
const MAX_LOGIN_HINT = 254

/** Pages of the login host that somebody may come back to after signing in. */
const OWN_PAGE = /^\/(?:account|admin)(?:\/[A-Za-z0-9_-]{1,64}){0,6}$/

/** What the addresses of a sign-in carry along. */
export interface SignInWay {
  /** What the sign-in is for, sealed. */
  sealed?: string | undefined
  /** Another person is asked for than the one signed in. */
  switching?: boolean | undefined
  /** Who is expected, for the provider to fill in (OpenID Connect Core §3.1.2.1). */
  loginHint?: string | undefined
  /** The hint is what the person typed here: somebody else is not simply let in in their place. */
  holdsToHint?: boolean | undefined
  /** A page of the login host to come back to, where no app asks. */
  next?: string | undefined
  /** A credential is wanted even of somebody who is signed in. */
  fresh?: boolean | undefined
}

/** The same, read and opened. */
export interface SignInQuery extends SignInWay {
  request: HandOverRequest | undefined
}

/** @returns the query string that all sign-in pages read, empty where there is nothing to say */
export function signInQuery({ sealed, switching, loginHint, holdsToHint, next, fresh }: SignInWay): string {
  const query = new URLSearchParams()
  if (sealed !== undefined) query.set('request', sealed)
  if (switching) query.set('switch', '1')
  if (loginHint !== undefined) query.set('login_hint', loginHint)
  if (loginHint !== undefined && holdsToHint) query.set('hold', '1')
  if (next !== undefined) query.set('next', next)
  if (fresh) query.set('fresh', '1')
  return query.size > 0 ? `?${query.toString()}` : ''
}

/**
 * @throws Refusal `sign_in_expired` where the hand-over request in it is too old, with the way to a new one
 */
export function readSignInQuery(
  { sealer, config }: Pick<AuthenticateContext, 'sealer' | 'config'>,
  brandId: string,
  { url }: { url: string },
): SignInQuery {
  const { searchParams } = new URL(url)
  const sealed = searchParams.get('request') ?? undefined
  const request = sealed === undefined ? undefined : openHandOverRequest(sealer, sealed, brandId)
  if (sealed !== undefined && !request) {
    const retry = requestedAddress(sealer, config, sealed, brandId)
    throw new Refusal('sign_in_expired', 'the hand-over request cannot be opened', { retry })
  }
  return {
    sealed,
    request,
    switching: searchParams.get('switch') === '1',
    loginHint: readLoginHint(searchParams.get('login_hint')),
    holdsToHint: searchParams.get('hold') === '1',
    next: readOwnPage(single(searchParams, 'next')),
    fresh: searchParams.get('fresh') === '1',
  }
}

/** @returns nothing for what is no page of ours that can be come back to */
export function readOwnPage(value: string | undefined): string | undefined {
  return value !== undefined && OWN_PAGE.test(value) ? value : undefined
}

/** A hint that nobody could have typed is left out: the sign-in works without. */
export function readLoginHint(value: string | null): string | undefined {
  const hint = value?.trim() ?? ''
  return hint === '' || hint.length > MAX_LOGIN_HINT || /\p{C}/u.test(hint) ? undefined : hint
}
