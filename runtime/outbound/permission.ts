import { isLoopbackHost } from '../net/index.ts'

/**
 * Whether calls to an issuer's addresses may stay in our own network: when its configuration says so, or when the issuer
 * itself lives on this machine.
 * @param issuer an issuer identifier
 * @param allowPrivateAddresses its setting
 * @returns what `boundedFetch` takes as `allowPrivateAddresses`, for all calls that have to do with the issuer
 */
export function mayStayPrivate(issuer: string, allowPrivateAddresses: boolean): boolean {
  return allowPrivateAddresses || isLoopbackHost(new URL(issuer).hostname)
}
