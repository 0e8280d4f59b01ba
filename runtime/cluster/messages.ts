import type { Family } from '../metrics/index.ts'
import type { Release } from '../release.ts'

/** What the first process asks of a worker, over the channel that only the two have. */
export type Question = { ask: 'apply'; dataFolder: string; release: Release } | { ask: 'metrics' } | { ask: 'drain' }

/** A question's number ties the answer to it. */
export type Asked = Question & { id: number }

/** `error` is one line without secrets: it goes to the log and to readiness. */
export type Answer = { id: number } & ({ metrics?: Family[]; error?: never } | { error: string; metrics?: never })
