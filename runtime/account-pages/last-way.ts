import type { WayIn } from '../accounts/index.ts'
import { type Markup, markup, strong } from '../pages/index.ts'
import { identityHandle, passkeyHandle } from './handle.ts'
import { lastWayPage } from './pages/disconnect.ts'
import { otherProviders, providerName } from './security.ts'
import { IN_THE_WAY, show } from './show.ts'
import { ownWays, type Visit } from './visit.ts'
import { accountWords } from './words/index.ts'

/** A way in that somebody wants to take away. */
export type Taken = Pick<WayIn, 'kind' | 'identity' | 'passkey'>

/**
 * Says that a way in stays because no other works. What `Accounts` decides counts: before it is asked, this only spares a question
 * whose answer is known.
 * @returns nothing to `ask` where another way works
 */
export function lastWay(visit: Visit, taken: Taken, why: 'refuse'): Response
export function lastWay(visit: Visit, taken: Taken, why: 'ask'): Response | undefined
export function lastWay(visit: Visit, taken: Taken, why: 'refuse' | 'ask'): Response | undefined {
  const { context, brand, who, look } = visit
  const ways = context.accounts.waysIn(brand, who)
  if (why === 'ask' && ways.some((way) => way.usable && !isSame(way, taken))) return undefined
  const { password, passkeys } = ownWays(visit)
  const content = lastWayPage(look, {
    way: nameOf(visit, taken),
    password: password && taken.kind !== 'password',
    passkeys,
    providers: otherProviders(visit).length > 0,
  })
  return show(visit, content, { status: why === 'refuse' ? IN_THE_WAY : 200 })
}

function isSame(way: WayIn, taken: Taken): boolean {
  if (way.kind !== taken.kind) return false
  if (way.identity && taken.identity) return identityHandle(way.identity) === identityHandle(taken.identity)
  if (way.passkey && taken.passkey) return passkeyHandle(way.passkey) === passkeyHandle(taken.passkey)
  return way.kind === 'password'
}

function nameOf(visit: Visit, { identity, passkey }: Taken): Markup {
  if (identity) return strong(providerName(visit, identity.identityProvider))
  if (passkey) return strong(passkey.name)
  return markup`${accountWords(visit.look.language).last.aPassword}`
}
