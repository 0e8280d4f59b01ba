/** Looked at while it runs. */
export interface Watched {
  /** Its place in the watch's list, which the watch keeps; -1 outside of it. */
  watchIndex: number
  /** Called at each look. */
  tick(): void
}

/** Looks more often would cost more than they find; looks more seldom would let the shortest limit pass by far. */
const MIN_INTERVAL_MS = 5
const MAX_INTERVAL_MS = 1_000

/** A limit is looked at so often before it has passed. */
const LOOKS = 8

/**
 * Keeps the time limits of all that runs on a route: one timer for all of them, which counts looks, since a timer and two
 * clock readings for each exchange cost more than its headers.
 */
export class Watch {
  readonly #intervalMs: number
  /**
   * A list, and no Set: the tables that a Set leaves behind as it changes lead from one to the next with all that they held,
   * so that the collector took each exchange for one that lives on. That was a fifth of what a request cost.
   */
  readonly #running: Watched[] = []
  #timer: NodeJS.Timeout | undefined

  /** @param shortestMs the shortest limit that is kept, in milliseconds */
  constructor(shortestMs: number) {
    this.#intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, Math.ceil(shortestMs / LOOKS)))
  }

  /** @returns how many looks a limit lasts; never shorter than the limit */
  looksIn(milliseconds: number): number {
    return Math.ceil(milliseconds / this.#intervalMs) + 1
  }

  add(watched: Watched): void {
    watched.watchIndex = this.#running.push(watched) - 1
    this.#timer ??= setInterval(() => this.#look(), this.#intervalMs).unref()
  }

  delete(watched: Watched): void {
    const last = this.#running.at(-1)
    if (watched.watchIndex === -1 || last === undefined) return
    // The last one moves into the gap.
    this.#running[watched.watchIndex] = last
    last.watchIndex = watched.watchIndex
    this.#running.pop()
    watched.watchIndex = -1
  }

  #look(): void {
    // Backwards, since one that ends at its look leaves its place to the last one, which has been looked at.
    for (let index = this.#running.length - 1; index >= 0; index -= 1) this.#running[index]?.tick()
    if (this.#running.length > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
