/** Ids of sessions and host sessions that ended or are not as they were; `everything` when it cannot be told which. */
export type Changed = readonly string[] | 'everything'

/** Above it, who listens forgets everything: that is cheaper than the names. */
export const MOST_CHANGED_AT_ONCE = 1_000

/** Who wants to hear of sessions that ended or changed. */
export interface ChangeListeners {
  add(listener: (changed: Changed) => void): () => void
  tell(changed: Changed): void
}

/** Listeners are called one after the other and later: what one of them throws reaches neither the store nor the others. */
export function createChangeListeners(): ChangeListeners {
  const listeners = new Set<{ hear: (changed: Changed) => void }>()
  return {
    add(hear) {
      const entry = { hear }
      listeners.add(entry)
      return () => listeners.delete(entry)
    },
    tell(changed) {
      if (changed.length === 0) return
      for (const entry of listeners) queueMicrotask(() => listeners.has(entry) && entry.hear(changed))
    },
  }
}
