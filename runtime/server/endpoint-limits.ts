import type { Logger } from 'pino'

import type { Client, Limits } from '../limits/index.ts'

/** What is counted by address. */
export type CountedEndpoint = 'signIn' | 'callback' | 'code' | 'credential'

/** Where somebody shows a password or a passkey. */
const CREDENTIAL_PATHS = /^\/(?:sign-in\/(?:password|passkey|break-glass)|join-accounts\/(?:password|passkey))(?:\/|$)/

/** Where the links of mails lead, and where mails are asked for. */
const MAILED_PATHS = /^\/(?:verify-address|confirm-address|reset-password|new-password|invitation)(?:\/|$)/

/**
 * The one table from an endpoint of our own to what it is counted as: those that a stranger can make us ask a provider,
 * or guess a code, with.
 * @param site which kind of host
 * @param path the canonical one
 */
export function countedEndpoint(site: 'login' | 'route', path: string): CountedEndpoint | undefined {
  if (site === 'route') return /^\/\.gatewright\/(?:hand-over|cli|resume)(?:\/|$)/.test(path) ? 'code' : undefined
  if (CREDENTIAL_PATHS.test(path)) return 'credential'
  if (path.startsWith('/sign-in/')) return 'signIn'
  if (MAILED_PATHS.test(path)) return 'code'
  return path.startsWith('/callback/') ? 'callback' : undefined
}

const told = new WeakSet<Limits>()

/**
 * Says once for each release that addresses are not counted.
 * @param client of any request that would have been counted
 */
export function tellOfSharedAddress(limits: Limits, client: Client, log: Logger): void {
  if (!client.shared || told.has(limits)) return
  told.add(limits)
  log.warn(
    { address: client.address },
    'Requests come from a proxy that does not say for whom: limits by address are off. Name it in trustedProxies, and let it set X-Forwarded-For',
  )
}
