/** Ids of sessions and host sessions that ended; `everything` when it cannot be told which. */
export type Ended = readonly string[] | 'everything'

/** Above it, who listens forgets everything: that is cheaper than the names. */
export const MOST_ENDED_AT_ONCE = 1_000

/** Who wants to hear of sessions that ended. */
export interface EndedListeners {
  add(listener: (ended: Ended) => void): () => void
  tell(ended: Ended): void
}

/** Listeners are called one after the other and later: what one of them throws reaches neither the store nor the others. */
export function createEndedListeners(): EndedListeners {
  const listeners = new Set<{ hear: (ended: Ended) => void }>()
  return {
    add(hear) {
      const entry = { hear }
      listeners.add(entry)
      return () => listeners.delete(entry)
    },
    tell(ended) {
      if (ended.length === 0) return
      for (const entry of listeners) queueMicrotask(() => listeners.has(entry) && entry.hear(ended))
    },
  }
}
