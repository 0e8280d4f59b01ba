import { setTimeout as wait } from 'node:timers/promises'

import { LRUCache } from 'lru-cache'

import { oneLine } from '../program/index.ts'
import type { Session } from '../store/index.ts'
import { withLease } from './lease.ts'
import { askProvider, type Attempt, beginAttempt, concludeAttempt, type RefreshDeps } from './refresh-attempt.ts'

/** A session that another replica refreshes is not looked at again for so long, in milliseconds. */
const ELSEWHERE_MS = 1_000
/** How long a request waits for the provider's word where it cannot go on without. */
const PATIENCE_MS = 15_000
const LOOK_AGAIN_MS = 200
/** So many at once are asked about in the background; what is due beyond that waits for its next request. */
const IN_BACKGROUND = 64
/** So many at once altogether. */
const AT_ONCE = 512

/** Asks providers for new tokens: for one session at most once at a time, over all replicas. */
export interface Refresher {
  /** Asks without anybody waiting for it. */
  inBackground(session: Session): void
  /** Asks, or waits until another replica that is asking is done, for 15 seconds at most. */
  andWait(session: Session): Promise<void>
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>
}

/** Decisions are in refresh-state.ts, the steps of one attempt in refresh-attempt.ts. */
export function createRefresher(deps: RefreshDeps): Refresher {
  const running = new Map<string, Promise<'done' | 'elsewhere'>>()
  const elsewhere = new LRUCache<string, true>({ max: 10_000, ttl: ELSEWHERE_MS })

  function run(session: Session): Promise<'done' | 'elsewhere'> {
    const begun = running.get(session.id)
    if (begun) return begun
    const attempt = refresh(deps, session)
      .then((outcome) => {
        if (outcome === 'elsewhere') elsewhere.set(session.id, true)
        return outcome
      })
      .catch((error: unknown) => {
        deps.log.error({ ...describe(session), error: oneLine(error) }, 'Refreshing a session failed')
        return 'done' as const
      })
      .finally(() => running.delete(session.id))
    running.set(session.id, attempt)
    return attempt
  }

  return {
    inBackground(session) {
      if (running.size < IN_BACKGROUND && !elsewhere.has(session.id)) void run(session)
    },
    async andWait(session) {
      const until = Date.now() + PATIENCE_MS
      while (running.size < AT_ONCE && (await run(session)) === 'elsewhere' && Date.now() < until) {
        await wait(LOOK_AGAIN_MS)
      }
    },
    async settled() {
      await Promise.all(running.values())
    },
  }
}

async function refresh(deps: RefreshDeps, session: Session): Promise<'done' | 'elsewhere'> {
  const { outcome } = await withLease(deps.store, refreshLease(session.id), async () => {
    const attempt = await beginAttempt(deps, session.id)
    if (attempt) report(deps, attempt, await concludeAttempt(deps, attempt, await askProvider(attempt)))
  })
  return outcome
}

function report({ log }: RefreshDeps, { session }: Attempt, conclusion: Awaited<ReturnType<typeof concludeAttempt>>) {
  const level = conclusion.conclusion === 'renewed' || conclusion.conclusion === 'ended' ? 'info' : 'warn'
  log[level]({ ...describe(session), ...conclusion }, 'Asked for new tokens')
}

/** Who it is about; neither the session's id nor anything of the provider's. */
function describe({ brand, identityProvider, person }: Session) {
  return { brand, identityProvider, person: person.id }
}

/** Name of the lease under which a session's provider is asked. @param id of the session */
export function refreshLease(id: string): string {
  return `refresh:${id}`
}
