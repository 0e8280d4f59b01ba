import { Refusal } from '../refusal.ts'
import type { Identity } from '../store/index.ts'
import { type Handle, identityHandle } from './handle.ts'
import { lastWay } from './last-way.ts'
import { disconnectPage } from './pages/disconnect.ts'
import { paths } from './paths.ts'
import { providerName } from './security.ts'
import { goBack, show } from './show.ts'
import type { Visit } from './visit.ts'

/** Asks before an account elsewhere is disconnected, or says why it stays. @throws Refusal `not_found` */
export function showDisconnect(visit: Visit, handle: Handle): Response {
  const identity = identityOf(visit, handle)
  const provider = providerName(visit, identity.identityProvider)
  return (
    lastWay(visit, { kind: 'identity', identity }, 'ask') ??
    show(visit, disconnectPage(visit.look, { handle, provider }))
  )
}

/** @throws Refusal `not_found` where the account has none by that handle, also because another tab was faster */
export async function disconnect(visit: Visit, _form: URLSearchParams, handle: Handle): Promise<Response> {
  const { context, brand, who, actor, session } = visit
  const identity = identityOf(visit, handle)
  switch (await context.accounts.unlink(brand, who.account.id, identity, actor, session.id)) {
    case 'unlinked':
      return goBack(paths.security, 'disconnected')
    case 'last_way_in':
      return lastWay(visit, { kind: 'identity', identity }, 'refuse')
    case 'not_found':
      throw gone()
  }
}

function identityOf({ who }: Visit, handle: Handle): Identity {
  const identity = who.identities.find((one) => identityHandle(one) === handle)
  if (!identity) throw gone()
  return identity
}

function gone(): Refusal {
  return new Refusal('not_found', 'the account has no such identity', { retry: paths.security })
}
