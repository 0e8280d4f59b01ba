import { OWN_ACCOUNTS, type RuntimeConfig } from '../config.ts'
import type { Session } from '../store/index.ts'
import { isOwnWayOpen } from './own-accounts.ts'

/** The part of the configuration that says how long sessions live. */
export type LifetimeConfig = Pick<RuntimeConfig, 'session' | 'brands' | 'identityProviders'>

/** How long a session may lie unused, and how long it may live at all; in milliseconds. */
export interface Lifetimes {
  idleMs: number
  absoluteMs: number
}

/** The shortest of what the gateway, the brand and the identity provider say. */
export function lifetimesOf(
  { session, brands, identityProviders }: LifetimeConfig,
  { brand, identityProvider }: Pick<Session, 'brand' | 'identityProvider'>,
): Lifetimes {
  const narrower = [brands[brand]?.session, identityProviders[identityProvider]?.session]
  const shortest = (name: 'idleSeconds' | 'absoluteSeconds'): number =>
    Math.min(session[name], ...narrower.map((one) => one?.[name] ?? Infinity)) * 1_000
  return { idleMs: shortest('idleSeconds'), absoluteMs: shortest('absoluteSeconds') }
}

/**
 * Says whether a session is within its lifetimes and still belongs to what it was made by.
 * @param isIssuer says whether an issuer is that of an identity provider of ours: a tenant's, where there are several
 */
export function isLive(
  session: Session,
  config: LifetimeConfig,
  isIssuer: (identityProvider: string, issuer: string) => boolean,
  now: number,
): boolean {
  const { idleMs, absoluteMs } = lifetimesOf(config, session)
  return (
    now < Math.min(session.expiresAt, session.createdAt + absoluteMs) &&
    now - session.seenAt < idleMs &&
    isIssuer(session.identityProvider, session.issuer) &&
    isStillTaken(session, config)
  )
}

/** Whether its brand still takes what the session was begun by. */
function isStillTaken(session: Session, { brands, identityProviders }: LifetimeConfig): boolean {
  const { identityProvider } = session
  const brand = brands[session.brand]
  if (!brand) return false
  if (identityProvider === OWN_ACCOUNTS) return isOwnWayOpen(session, brand)
  return identityProviders[identityProvider]?.enabled === true && brand.identityProviders.includes(identityProvider)
}
