import { meetsSignIn } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import type { AuthenticateContext } from './context.ts'
import { type HandOverRequest, requestedRoute } from './hand-over-request.ts'

/** Whether a session may be handed to a route; `needs_sign_in` when only its sign-in was not as the route wants it. */
export type SessionFit = 'fits' | 'needs_sign_in' | 'does_not_fit'

/** Same brand, a provider that the route accepts, and a sign-in that is recent and strong enough for it. */
export function sessionFit({ config }: AuthenticateContext, session: Session, request: HandOverRequest): SessionFit {
  const route = requestedRoute(config, request)?.config
  if (route?.brand !== session.brand || !route.identityProviders.includes(session.identityProvider)) {
    return 'does_not_fit'
  }
  return meetsSignIn(session, route, Date.now()) ? 'fits' : 'needs_sign_in'
}
