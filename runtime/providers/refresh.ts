import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'

import type { IdentityProviderConfig } from '../config.ts'
import { Refusal } from '../refusal.ts'
import type { Authentication, Person } from '../store/index.ts'
import { isComplete, mergeClaims, readAuthentication } from './claims.ts'
import { classify, FailedCheck, isUnreachable } from './classify.ts'
import { accessExpiry, type GrantContext, type Granted, readIdToken } from './code-exchange.ts'
import type { Provider, ProviderTokens, RefreshOutcome } from './contract.ts'
import { claimedEmail, describePerson, isInDomains } from './person.ts'
import { readUserInfo } from './userinfo.ts'

/**
 * A provider's own words for "not without the person": the grant is over (RFC 6749 §5.2), or a new sign-in is needed
 * (OpenID Connect Core §3.1.2.6; Entra says so at the token endpoint when a policy asks for more).
 */
const ENDED = new Set(['invalid_grant', 'interaction_required', 'login_required', 'consent_required'])

/** Errors of a connection that was never made: nothing has reached the provider. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_PRIVATE_ADDRESS',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** When a person could not be read again, it is tried soon, with the new tokens. */
const TRY_AGAIN_MS = 60_000

type KnownSession = Parameters<Provider['refresh']>[1]

/** Asks for new tokens, by the client that the session began with. */
export function createRefresh(context: GrantContext): Provider['refresh'] {
  return async (tokens, session) => {
    try {
      return await refresh(context, tokens, session)
    } catch (error) {
      if (isEnded(error)) return { outcome: 'revoked' }
      const { code, message } = classify(context.id, error)
      const processed = wasNotProcessed(error) ? { processed: 'no' as const } : {}
      return { outcome: 'unreachable', reason: `${code}: ${message}`, ...processed }
    }
  }
}

async function refresh(
  context: GrantContext,
  old: ProviderTokens,
  session: KnownSession,
): Promise<Exclude<RefreshOutcome, { outcome: 'unreachable' }>> {
  const token = old.refresh
  if (token === undefined) throw new Refusal('sign_in_expired', `${context.id} gave no refresh token`)
  // Its signature was checked when it came; since then it was sealed.
  const before = decodeJwt(old.id)
  const clientId = clientOf(before, context.clients.ids)
  // Once the old token is spent, nothing may keep us from reading the new ones.
  await context.keys.prepare()
  const granted = await context.clients.call(clientId, async (connection) => ({
    connection,
    tokens: await oidc.refreshTokenGrant(connection, token),
  }))
  const claims = readIdToken(context, granted, clientId)
  if (claims) requireSame(claims, before, session)
  const { access_token: access, refresh_token: next, id_token: id, expires_in: expiresIn } = granted.tokens
  const expiry = accessExpiry(expiresIn)
  const read = await readPerson(context, granted, { claims, before, session })
  if (read.isCurrent && hasLeft(context.config, session.person, read.person)) return { outcome: 'revoked' }
  return {
    outcome: 'renewed',
    person: read.person,
    authentication: claims ? renewAuthentication(claims, session.authentication) : session.authentication,
    // Without a new one, the old one stays good (RFC 6749 §6).
    tokens: { access, refresh: next ?? token, id: id ?? old.id },
    accessExpiresAt: read.isCurrent ? expiry : Math.min(expiry ?? Infinity, Date.now() + TRY_AGAIN_MS),
  }
}

/** Whether a provider of certain domains would not let the person in any more: their address is of another, or nobody's word. */
function hasLeft({ allowedDomains }: GrantContext['config'], before: Person, now: Person): boolean {
  return allowedDomains.length > 0 && before.email !== '' && now.email === ''
}

/** A refresh token is bound to the client that it was given to (RFC 6749 §6): the audience of the first ID token. */
function clientOf({ aud = [], azp }: { aud?: string | string[]; azp?: unknown }, ids: readonly string[]): string {
  const audience = [aud].flat()
  return ids.find((id) => id === azp) ?? ids.find((id) => audience.includes(id)) ?? audience[0] ?? ''
}

/** @throws FailedCheck `provider_answer_invalid` @see OpenID Connect Core §12.2 */
function requireSame(claims: oidc.IDToken, before: Record<string, unknown>, session: KnownSession): void {
  const isSame =
    claims.iss === session.issuer &&
    claims.sub === session.subject &&
    (claims['nonce'] === undefined || claims['nonce'] === before['nonce'])
  if (!isSame) throw new FailedCheck('provider_answer_invalid', 'the new ID token is of another sign-in')
}

interface Known {
  claims: oidc.IDToken | undefined
  /** Claims of the ID token that is kept. */
  before: Record<string, unknown>
  session: KnownSession
}

/**
 * Who the person is by now. What the new ID token leaves out is asked of userinfo; without a new one, what only the
 * kept one says stays. When userinfo cannot be asked, the person stays whole: half of two answers would take groups away
 * for no reason, and the new tokens must not be lost, since the old refresh token may be worth nothing by now.
 */
async function readPerson(
  { config }: GrantContext,
  { connection, tokens }: Granted,
  { claims, before, session }: Known,
): Promise<{ person: Person; isCurrent: boolean }> {
  const isNeeded = !claims || !isComplete(claims, config, 'person')
  let userinfo: Record<string, unknown> | undefined
  try {
    userinfo = isNeeded ? await readUserInfo(connection, tokens.access_token, session.subject) : undefined
  } catch (error) {
    if (!isUnreachable(error)) throw error
    return { person: session.person, isCurrent: false }
  }
  if (!claims && !userinfo) return { person: session.person, isCurrent: true }
  const merged = claims ? mergeClaims(claims, userinfo ?? {}) : mergeClaims(userinfo ?? {}, before)
  return { person: samePerson(merged, config, session.person), isCurrent: true }
}

/**
 * Who it is was decided at sign-in. An address that a mail of ours verified stays for as long as the provider says that very one.
 */
function samePerson(claims: Record<string, unknown>, config: IdentityProviderConfig, before: Person): Person {
  const person = { id: before.id, ...describePerson(claims, config) }
  const email = claimedEmail(claims, config)
  const isVerified = before.emailByMail === true && email !== '' && email === before.email && isInDomains(email, config)
  return isVerified ? { ...person, email, emailByMail: true } : person
}

/** A refresh is no sign-in: it never makes one look younger (OpenID Connect Core §12.2, `auth_time`). */
function renewAuthentication(claims: oidc.IDToken, old: Authentication): Authentication {
  const { time, acr, amr } = readAuthentication(claims, old.time, old.time)
  return { time, acr: acr ?? old.acr, amr: amr.length > 0 ? amr : old.amr }
}

function isEnded(error: unknown): boolean {
  return error instanceof oidc.ResponseBodyError && error.status !== 429 && ENDED.has(error.error)
}

/** Whether the refresh token is surely as good as before. */
function wasNotProcessed(error: unknown): boolean {
  // Not connected, not taken as a client, not discovered: thrown ahead of the grant. A check that failed comes after it.
  if (error instanceof Refusal) return true
  // An error by the protocol's book: no grant was made (RFC 6749 §5.2).
  if (error instanceof oidc.ResponseBodyError) return true
  const cause: unknown = error instanceof TypeError ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && NEVER_SENT.has(String(cause.code))
}
