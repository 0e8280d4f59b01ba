import { Refusal } from '../refusal.ts'

/** How much may be under way, how much may wait, and how long, in milliseconds. */
export interface QueueBounds {
  atOnce: number
  waiting: number
  waitMs: number
}

/** Costly work, a bounded amount of it at a time. */
export interface WorkQueue {
  /** @throws Refusal `busy` when too much waits already, or when it has waited too long; the work has not begun then */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** First come, first served. Whoever floods it is refused, and everything else goes on. */
export function createWorkQueue({ atOnce, waiting, waitMs }: QueueBounds): WorkQueue {
  const queue = new Set<() => void>()
  let running = 0

  function takePlace(): Promise<void> {
    if (running < atOnce) {
      running += 1
      return Promise.resolve()
    }
    if (queue.size >= waiting) return Promise.reject(busy(`${waiting} wait already`))
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        queue.delete(begin)
        reject(busy(`no place in ${waitMs} ms`))
      }, waitMs)
      function begin(): void {
        clearTimeout(late)
        resolve()
      }
      queue.add(begin)
    })
  }

  /** The place goes to the next, so that nobody can slip in between. */
  function leavePlace(): void {
    const [next] = queue
    if (!next) {
      running -= 1
      return
    }
    queue.delete(next)
    next()
  }

  return {
    async run(work) {
      await takePlace()
      try {
        return await work()
      } finally {
        leavePlace()
      }
    },
  }
}

function busy(reason: string): Refusal {
  return new Refusal('busy', `too many passwords at once: ${reason}`, { retryAfterSeconds: 5 })
}
