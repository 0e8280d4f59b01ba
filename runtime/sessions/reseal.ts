import { setImmediate as breathe } from 'node:timers/promises'

import type { Sealer } from '../keys/index.ts'
import type { Store } from '../store/index.ts'
import { openTokens, sealTokens } from './tokens.ts'

/** How many sessions one round looks at, beside those that could not be opened in the last. */
const AT_ONCE = 200
const AT_MOST = 5_000

/** What one round did; `unreadable` are sealed under keys that are not there. */
export interface Resealed {
  resealed: number
  unreadable: number
}

/**
 * Seals the tokens of some sessions anew, so that a key that is no longer the first can leave. What cannot be opened is left
 * alone: a replica that does not have a key yet must not destroy what another sealed with it.
 * @param unreadable how many could not be opened in the last round: they may stand in front of the others
 */
export async function resealSome(store: Store, sealer: Sealer, unreadable: number): Promise<Resealed> {
  const found = await store.findSealedOtherwise(sealer.newestKey, Math.min(AT_ONCE + unreadable, AT_MOST))
  const done = { resealed: 0, unreadable: 0 }
  for (const { id, version, sealedTokens } of found) {
    // A store in this process answers at once: without a pause nobody else would get a turn until all are done.
    await breathe()
    const tokens = openTokens(sealer, { id, sealedTokens })
    if (!tokens) done.unreadable += 1
    // Not when it changed meanwhile: then a refresh has sealed it anew, or the next round will.
    else if (await store.updateSession(id, version, { sealedTokens: sealTokens(sealer, id, tokens) })) {
      done.resealed += 1
    }
  }
  return done
}
