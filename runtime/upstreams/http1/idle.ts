import type { Connection } from './connection.ts'

/** Kept at most; more than that are closed after their exchange. */
const MAX_IDLE = 512

/** How often it is looked for those that are too old, in milliseconds. */
const SWEEP_MS = 1_000

/** Connections that wait for their next exchange: the one that was used last goes first, so that the others can age. */
export class IdleConnections {
  readonly #keepAliveMs: number
  readonly #waiting: Connection[] = []
  #sweeper: NodeJS.Timeout | undefined

  constructor(keepAliveMs: number) {
    this.#keepAliveMs = keepAliveMs
  }

  /** @returns a connection that was not closed as far as is known */
  take(): Connection | undefined {
    const connection = this.#waiting.pop()
    if (connection === undefined) return undefined
    // Its upstream may have closed its side, and ours is about to follow.
    if (connection.idleUntil > performance.now() && connection.socket.writable) return connection
    // The one that was used last is too old, and so are all others, unless their upstream said otherwise.
    connection.socket.destroy()
    return this.take()
  }

  put(connection: Connection): void {
    const { keepAliveSeconds } = connection
    // A second less than the upstream keeps it, so that it is ours to close.
    const saidMs = keepAliveSeconds === undefined ? Infinity : (keepAliveSeconds - 1) * 1_000
    const keptMs = Math.min(this.#keepAliveMs, saidMs)
    if (keptMs <= 0 || this.#waiting.length >= MAX_IDLE) {
      connection.socket.destroy()
      return
    }
    connection.idleUntil = performance.now() + keptMs
    this.#waiting.push(connection)
    this.#sweeper ??= setInterval(() => this.#sweep(), Math.min(SWEEP_MS, this.#keepAliveMs)).unref()
  }

  remove(connection: Connection): void {
    const index = this.#waiting.lastIndexOf(connection)
    if (index !== -1) this.#waiting.splice(index, 1)
  }

  clear(): void {
    for (const connection of this.#waiting.splice(0)) connection.socket.destroy()
    this.#stop()
  }

  #sweep(): void {
    const now = performance.now()
    // A copy, since those that are closed leave the list.
    for (const connection of this.#waiting.filter(({ idleUntil }) => idleUntil <= now)) {
      this.remove(connection)
      connection.socket.destroy()
    }
    if (this.#waiting.length === 0) this.#stop()
  }

  #stop(): void {
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }
}
