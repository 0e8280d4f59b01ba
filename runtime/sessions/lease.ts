import type { Store } from '../store/index.ts'
import { newOpaqueValue } from './opaque.ts'

/** A holder that was killed keeps others waiting for so long, in milliseconds. */
const HELD_MS = 10_000
const RENEWED_EVERY_MS = 3_000

/** What came of trying to work under a lease: `elsewhere` when somebody else holds it, at this replica or another. */
export type Leased<T> = { outcome: 'done'; result: T } | { outcome: 'elsewhere' }

/**
 * Does work that only one of all replicas may do at a time. The lease is renewed for as long as the work takes; a renewal
 * that fails lets it lapse, so the work must guard what it writes by the version that it read.
 */
export async function withLease<T>(store: Store, name: string, work: () => Promise<T>): Promise<Leased<T>> {
  const holder = newOpaqueValue()
  const hold = (): Promise<boolean> => {
    const now = Date.now()
    return store.holdLease(name, holder, now, now + HELD_MS)
  }
  if (!(await hold())) return { outcome: 'elsewhere' }
  let renewal: Promise<unknown> = Promise.resolve()
  const renewing = setInterval(() => {
    renewal = hold().catch((error: unknown) => error)
  }, RENEWED_EVERY_MS)
  try {
    return { outcome: 'done', result: await work() }
  } finally {
    clearInterval(renewing)
    // Else one under way would take the lease again after it was given back.
    await renewal
    await store.releaseLease(name, holder)
  }
}
