import type { ForwardConfig } from '../config.ts'
import { afterCheck, type CheckState, UNCHECKED } from './check-state.ts'
import type { Endpoint, OutgoingHead } from './contract.ts'
import type { HealthLog } from './health-log.ts'

/** Times are in milliseconds. */
export type HealthCheckConfig = NonNullable<ForwardConfig['healthCheck']>

export interface HealthCheckOptions {
  endpoint: Endpoint
  config: HealthCheckConfig
  /** As the Host header. */
  host: string
  log: HealthLog
  /** A number from 0 to 1, so that replicas and routes do not all ask at once. */
  random: () => number
}

/** Content of a check's answer that is read before it is given up: the status has said it all. */
const MAX_CONTENT_BYTES = 64 * 1024

/** Asks a server again and again whether it is well. Nothing is asked before `start` and after `stop`. */
export class HealthCheck {
  readonly #options: HealthCheckOptions
  #state: CheckState = UNCHECKED
  #next: NodeJS.Timeout | undefined
  #giveUp: (() => void) | undefined
  #isRunning = false

  constructor(options: HealthCheckOptions) {
    this.#options = options
  }

  get isHealthy(): boolean {
    return this.#state.isHealthy
  }

  /** Begins within one interval; does nothing when it runs. */
  start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    const { config, random } = this.#options
    this.#wait(random() * config.intervalMs)
  }

  /** For good. */
  stop(): void {
    this.#isRunning = false
    clearTimeout(this.#next)
    this.#giveUp?.()
  }

  #wait(ms: number): void {
    this.#next = setTimeout(() => void this.#ask(), ms).unref()
  }

  async #ask(): Promise<void> {
    const { endpoint, host, config } = this.#options
    const { giveUp, why } = probe(endpoint, host, config)
    this.#giveUp = giveUp
    const reason = await why
    if (!this.#isRunning) return
    this.#judge(reason)
    this.#wait(config.intervalMs)
  }

  /** @param why it failed; undefined when it passed */
  #judge(why: string | undefined): void {
    const { endpoint, config, log } = this.#options
    const before = this.#state
    this.#state = afterCheck(before, why === undefined ? 'passed' : 'failed', config)
    if (this.#state.isHealthy === before.isHealthy) return
    if (this.#state.isHealthy) log.checkPassed(endpoint.origin)
    else log.checkFailed(endpoint.origin, why ?? '')
  }
}

interface Probe {
  giveUp: () => void
  /** Settles with why the check failed; with undefined when it passed or was given up. */
  why: Promise<string | undefined>
}

function probe(endpoint: Endpoint, host: string, { path, timeoutMs }: HealthCheckConfig): Probe {
  const { promise: why, resolve: settle } = Promise.withResolvers<string | undefined>()
  let bytes = 0
  // Past the verdict as well: content that never ends would hold its connection for good.
  const deadline = setTimeout(() => {
    settle(`${path}: no answer within ${timeoutMs} ms`)
    exchange.abort()
  }, timeoutMs).unref()
  const exchange = endpoint.send(checkRequest(path, host), {
    connected: () => undefined,
    information: () => undefined,
    head: ({ status }) => settle(status >= 200 && status <= 299 ? undefined : `${path} answered ${status}`),
    data(chunk) {
      bytes += chunk.length
      if (bytes > MAX_CONTENT_BYTES) exchange.abort()
      return true
    },
    end: () => clearTimeout(deadline),
    drain: () => undefined,
    failed({ code, cause }) {
      clearTimeout(deadline)
      settle(`${path}: ${code}, ${cause.message}`)
    },
  })
  const giveUp = (): void => {
    clearTimeout(deadline)
    exchange.abort()
    settle(undefined)
  }
  return { giveUp, why }
}

function checkRequest(path: string, host: string): OutgoingHead {
  const headers = ['Host', host, 'User-Agent', 'Gatewright-Health-Check', 'Accept', '*/*']
  return { method: 'GET', target: path, headers, hasBody: false }
}
