import type { Destination } from './arrival.ts'
import type { AuthenticateContext } from './context.ts'
import { sealHandOverRequest } from './hand-over-request.ts'
import { signInQuery, type SignInWay } from './sign-in-query.ts'

/**
 * What a sign-in was for, for one more try.
 * @param switching whether another person may be meant
 */
export function retryQuery(
  { sealer }: Pick<AuthenticateContext, 'sealer'>,
  { request, next }: Pick<Destination, 'request' | 'next'>,
  switching: boolean,
  more: SignInWay = {},
): string {
  return signInQuery({ ...more, sealed: request && sealHandOverRequest(sealer, request), switching, next })
}
