import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'

import { loopbackLookup } from '../net/index.ts'
import { isPrivateAddress } from './private-addresses.ts'

/** An address that only a named permission opens (`allowPrivateAddresses` in the stack file). */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
  readonly code = 'ERR_PRIVATE_ADDRESS'

  constructor(hostname: string) {
    super(`${hostname} leads to a private address, which this provider is not allowed to use (allowPrivateAddresses)`)
  }
}

/**
 * A `lookup` for sockets that finds public addresses alone. It is asked when the connection is made, so that a name
 * cannot be public when it is looked at and private when it is used (DNS rebinding). One private address among public ones is
 * refused as well.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  loopbackLookup(hostname, options, (error, found, family) => {
    const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address)
    const isRefused = addresses.length === 0 || addresses.some(isPrivateAddress)
    callback(error ?? (isRefused ? new PrivateAddressError(hostname) : null), found, family)
  })
}

/**
 * Sockets do not look addresses up that are written as such.
 * @throws PrivateAddressError
 */
export function requirePublicLiteral(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && isPrivateAddress(host)) throw new PrivateAddressError(host)
}
