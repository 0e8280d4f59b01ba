import { type IdentityProviderConfig, isSafe } from '../config.ts'
import { boundedFetch, type BoundedInit, mayStayPrivate } from '../outbound/index.ts'

/** A call to a provider; the answer is complete when it resolves. */
export type Transport = (url: string, init: Omit<BoundedInit, 'allowPrivateAddresses'>) => Promise<Response>

/**
 * Calls to one provider's addresses, wherever its documents say they are: over TLS or within this machine, and into
 * our own network only with its permission.
 * @param timeoutMs how long one call may take at most; ten seconds where it is left out
 * @returns a function that throws as `boundedFetch` does, and RangeError for an answer above a MiB
 */
export function createTransport(
  { issuer, allowPrivateAddresses }: Pick<IdentityProviderConfig, 'issuer' | 'allowPrivateAddresses'>,
  timeoutMs?: number,
): Transport {
  const permission = mayStayPrivate(issuer, allowPrivateAddresses)

  return async (url, init) => {
    if (!isSafe(url)) throw new TypeError('fetch failed', { cause: new Error('plain http to another machine') })
    const limits = [init.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)]
    const signal = AbortSignal.any(limits.filter((limit) => limit instanceof AbortSignal))
    const answer = await boundedFetch(url, { ...init, signal, allowPrivateAddresses: permission })
    const { status, statusText, headers } = answer
    // Read to its end: an answer that breaks off is then no answer, instead of one that is wrong, and no connection is kept.
    const body = await answer.arrayBuffer()
    return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers })
  }
}
