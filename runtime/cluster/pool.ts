import type { Logger } from 'pino'

import { type Family, keepGrowing } from '../metrics/index.ts'
import { oneLine } from '../program/index.ts'
import type { Release } from '../release.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

/** How long a worker may take to check a release and put it in force, in milliseconds. */
const APPLY_MS = 25_000

/** All that a program has from SIGTERM on is ten seconds. */
const DRAIN_MS = 9_000

/** How long a reader of metrics waits for a worker that is busy; then its former values count. */
const METRICS_MS = 1_000

/** The wait before a worker is replaced, in milliseconds, doubled for each one that did not last. */
const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 10_000

/** Who lived so long was not started in vain, in milliseconds. */
const LASTING_MS = 60_000

/** After so many in a row that did not last, and none that serves, nothing more is tried. */
const MAX_VAIN_STARTS = 5

interface PoolOptions {
  size: number
  dataFolder: string
  log: Logger
  output: { write(lines: string): unknown }
  /** A worker ended without being asked to. */
  lost: () => void
  /** Workers keep dying, and nobody serves. */
  giveUp: () => void
}

interface Member {
  worker: WorkerProcess
  /** In force there, and requests are answered. */
  serves: boolean
  metrics: Family[]
}

/** Processes that answer requests, all by the same release. */
export class Pool {
  readonly #options: PoolOptions
  readonly #members = new Set<Member>()
  readonly #replacements = new Set<NodeJS.Timeout>()
  #inForce: Release | undefined
  #former: Family[] = []
  #vainStarts = 0
  #isClosing = false
  /** Reloads and replacements take turns: a new worker must not come up with a release that is just being replaced. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** How many answer requests. */
  get serving(): number {
    return [...this.#members].filter(({ serves }) => serves).length
  }

  /**
   * Puts a release in force in all workers or in none: one tries it first, and what one refuses is taken back from all.
   * @throws Error with the words of the worker that refused it
   */
  apply(release: Release): Promise<void> {
    return this.#inTurn(() => this.#apply(release))
  }

  /** Values of all workers, one list for each, and of those that have ended. */
  async metrics(): Promise<Family[][]> {
    const members = [...this.#members].filter(({ serves }) => serves)
    await Promise.all(
      members.map(async (member) => {
        try {
          member.metrics = (await member.worker.ask({ ask: 'metrics' }, METRICS_MS)).metrics ?? member.metrics
        } catch (error) {
          this.#options.log.warn({ worker: member.worker.pid, error: oneLine(error) }, 'Metrics are not fresh')
        }
      }),
    )
    return [this.#former, ...members.map(({ metrics }) => metrics)]
  }

  /** Lets all workers finish what runs, and ends those that do not in time. */
  async drain(): Promise<void> {
    this.#isClosing = true
    for (const replacement of this.#replacements) clearTimeout(replacement)
    await Promise.all(
      [...this.#members].map(async ({ worker }) => {
        const deadline = setTimeout(() => worker.kill(), DRAIN_MS)
        await worker.ask({ ask: 'drain' }, DRAIN_MS).catch(() => worker.kill())
        await worker.exited
        clearTimeout(deadline)
      }),
    )
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #apply(release: Release): Promise<void> {
    const former = this.#inForce
    const [first, ...others] = [...this.#members].filter(({ serves }) => serves)
    if (!first) return this.#startAll(release)
    const results = await Promise.allSettled([this.#give(first, release)])
    if (results[0]?.status === 'fulfilled') {
      results.push(...(await Promise.allSettled(others.map((member) => this.#give(member, release)))))
    }
    const refused = results.find((result) => result.status === 'rejected')
    if (refused) {
      await Promise.all([first, ...others].map((member) => this.#takeBack(member, former)))
      throw refused.reason
    }
    this.#inForce = release
  }

  async #startAll(release: Release): Promise<void> {
    try {
      await this.#add(release)
      await Promise.all(Array.from({ length: this.#options.size - this.#members.size }, () => this.#add(release)))
      this.#inForce = release
    } catch (error) {
      // At the start all is over; later the replacements come up with what was in force.
      this.#isClosing = this.#inForce === undefined
      for (const { worker } of this.#members) worker.kill()
      throw error
    }
  }

  async #takeBack(member: Member, former: Release | undefined): Promise<void> {
    try {
      if (former) await this.#give(member, former)
    } catch {
      // Its replacement comes up with what is in force.
      member.worker.kill()
    }
  }

  async #give({ worker }: Member, release: Release): Promise<void> {
    await worker.ask({ ask: 'apply', dataFolder: this.#options.dataFolder, release }, APPLY_MS)
  }

  /** Starts a worker; one that cannot put the release in force is ended. */
  async #add(release: Release): Promise<void> {
    const member: Member = { worker: startWorker(this.#options.output), serves: false, metrics: [] }
    this.#members.add(member)
    void member.worker.exited.then((exit) => this.#ended(member, exit))
    try {
      await this.#give(member, release)
    } catch (error) {
      member.worker.kill()
      throw error
    }
    member.serves = true
    const lasting = setTimeout(() => (this.#vainStarts = 0), LASTING_MS).unref()
    void member.worker.exited.then(() => clearTimeout(lasting))
  }

  async #ended(member: Member, exit: { code: number | null; signal: string | null }): Promise<void> {
    this.#members.delete(member)
    this.#former = await keepGrowing(this.#former, member.metrics)
    if (this.#isClosing) return
    const { log, lost, giveUp } = this.#options
    lost()
    this.#vainStarts += 1
    log.error({ worker: member.worker.pid, ...exit, serving: this.serving }, 'A worker ended')
    if (this.#vainStarts >= MAX_VAIN_STARTS && this.serving === 0) return giveUp()
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (this.#vainStarts - 1), LONGEST_DELAY_MS)
    const replacement = setTimeout(() => {
      this.#replacements.delete(replacement)
      void this.#inTurn(() => this.#replace())
    }, delay)
    this.#replacements.add(replacement)
  }

  async #replace(): Promise<void> {
    if (this.#isClosing || !this.#inForce || this.#members.size >= this.#options.size) return
    try {
      await this.#add(this.#inForce)
      this.#options.log.info({ serving: this.serving }, 'A worker was replaced')
    } catch (error) {
      // Its end is counted, and another one follows.
      this.#options.log.error({ error: oneLine(error) }, 'A worker could not be started')
    }
  }
}
