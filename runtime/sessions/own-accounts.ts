import type { BrandConfig } from '../config.ts'
import type { Provider } from '../providers/index.ts'
import type { Session } from '../store/index.ts'

/** The `person.readAs` of everybody who signed in to an account of the gateway's own: nothing of them is read from claims. */
export const READ_FROM_ACCOUNT = 'own-account'

/** Stands among the providers for the gateway's own accounts. Whose sessions still count is said by {@link isOwnWayOpen}. */
export function ownAccountsProvider(
  brands: Readonly<Record<string, Pick<BrandConfig, 'url'>>>,
): Pick<Provider, 'isIssuer' | 'readAs'> {
  const urls = new Set(Object.values(brands).map(({ url }) => url))
  return { isIssuer: (issuer) => urls.has(issuer), readAs: READ_FROM_ACCOUNT }
}

/**
 * Whether a session of an account of the gateway's own was begun by what its brand still takes (RFC 8176 §2): a password (`pwd`), a
 * passkey (`pop`), or both where passwords are for emergencies alone.
 */
export function isOwnWayOpen(
  { issuer, authentication: { amr } }: Pick<Session, 'issuer' | 'authentication'>,
  { url, password, passkeys }: Pick<BrandConfig, 'url' | 'password' | 'passkeys'>,
): boolean {
  const byPassword = amr.includes('pwd')
  const byPasskey = amr.includes('pop')
  const isOpen =
    (byPassword && password === 'on') ||
    (byPassword && byPasskey && password === 'break_glass') ||
    (byPasskey && passkeys)
  return issuer === url && isOpen
}
