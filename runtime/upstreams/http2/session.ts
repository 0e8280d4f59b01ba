import type { ClientHttp2Session } from 'node:http2'

import type { Dialer } from './dial.ts'
import type { UpstreamFailure } from '../contract.ts'
import type { ExchangeConnection, Http2Exchange } from './exchange.ts'
import { connectionFailure, Http2Unspoken } from './failure.ts'
import { openSession } from './open-session.ts'
import { watchSilence, type SilenceLimits } from './silence.ts'

/** Streams on one connection, whatever more the upstream would take: one slow connection shall not hold everybody up. */
const MAX_STREAMS = 256

/** Ids are odd and below 2^31 (RFC 9113 §5.1.1); when they run out a new connection takes over. */
const MAX_REQUESTS = 1_000_000_000

export interface SessionOptions {
  dialer: Dialer
  origin: string
  /** In milliseconds. */
  connectMs: number
  /** How long a connection without a stream is kept, in milliseconds. */
  keepAliveMs: number
  silence: SilenceLimits
  /** As many may wait for the connection. */
  expectedStreams: number
  /** How many streams it takes indeed. */
  learned: (streams: number) => void
  /** Finds another connection for what this one has no room for after all. */
  sendElsewhere: (exchange: Http2Exchange) => void
  /** The connection has ended, or takes nothing new. */
  retired: (session: UpstreamSession) => void
}

/** One connection to an upstream and the exchanges on it. */
export interface UpstreamSession {
  /** Whether another exchange may be given to it. */
  hasRoom(): boolean
  take(exchange: Http2Exchange): void
  /** Ends when nothing is on it any more. */
  close(): void
}

/** Opens a connection at once; exchanges wait for it. */
export function createSession(options: SessionOptions): UpstreamSession {
  return new Session(options)
}

class Session implements UpstreamSession, ExchangeConnection {
  lastStreamId = Infinity
  readonly #options: SessionOptions
  readonly #waiting = new Set<Http2Exchange>()
  readonly #open = new Set<Http2Exchange>()
  readonly #giveUp: () => void
  #session: ClientHttp2Session | undefined
  #isRetired = false
  #requests = 0
  #wasHeard = false
  #idle: NodeJS.Timeout | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    const { dialer, origin, connectMs } = options
    this.#giveUp = openSession({
      dialer,
      origin,
      connectMs,
      opened: (session) => this.#opened(session),
      failed: (cause) => this.#failed(connectionFailure(cause)),
    })
  }

  hasRoom(): boolean {
    return !this.#isRetired && this.#waiting.size + this.#open.size < this.#capacity()
  }

  take(exchange: Http2Exchange): void {
    exchange.waitFor(this)
    this.#waiting.add(exchange)
    // Later, so that a handler is told nothing before its caller has the exchange.
    if (this.#session) process.nextTick(() => this.#startWaiting())
  }

  heard(): void {
    this.#wasHeard = true
  }

  left(exchange: Http2Exchange): void {
    this.#waiting.delete(exchange)
    this.#open.delete(exchange)
    this.#rest()
  }

  close(): void {
    this.#retire()
    this.#rest()
  }

  #capacity(): number {
    if (!this.#session) return this.#options.expectedStreams
    if (this.#session.destroyed || this.#session.closed) return 0
    return Math.min(this.#session.remoteSettings.maxConcurrentStreams ?? MAX_STREAMS, MAX_STREAMS)
  }

  #opened(session: ClientHttp2Session): void {
    this.#session = session
    session.on('goaway', (_code, lastStreamId) => {
      this.lastStreamId = lastStreamId
      this.#retire()
    })
    // Its streams have it as well, and tell their handlers.
    session.on('error', () => this.#retire())
    const stopWatching = watchSilence(session, this.#options.silence, {
      isInUse: () => this.#open.size > 0,
      takeHeard: () => this.#takeHeard(),
    })
    session.once('close', () => {
      stopWatching()
      clearTimeout(this.#idle)
      this.#retire()
      this.#startWaiting()
    })
    if (this.#capacity() === 0) {
      session.destroy()
      this.#failed(connectionFailure(new Http2Unspoken('the upstream takes no streams (its settings say 0)')))
      return
    }
    this.#options.learned(this.#capacity())
    this.#startWaiting()
    this.#rest()
  }

  #takeHeard(): boolean {
    const wasHeard = this.#wasHeard
    this.#wasHeard = false
    return wasHeard
  }

  #startWaiting(): void {
    for (const exchange of this.#waiting) {
      // One that failed when it began may have taken others with it.
      if (!this.#waiting.delete(exchange)) continue
      if (this.#session && this.#open.size < this.#capacity()) {
        this.#requests += 1
        if (this.#requests >= MAX_REQUESTS) this.#retire()
        this.#open.add(exchange)
        exchange.start(this.#session)
      } else this.#options.sendElsewhere(exchange)
    }
  }

  #failed(failure: UpstreamFailure): void {
    this.#retire()
    for (const exchange of this.#waiting) exchange.fail(failure)
  }

  #retire(): void {
    if (this.#isRetired) return
    this.#isRetired = true
    this.#options.retired(this)
  }

  /** Nothing is on it: it is kept for a while, or ends. */
  #rest(): void {
    clearTimeout(this.#idle)
    if (this.#waiting.size + this.#open.size > 0) return
    if (!this.#isRetired && this.#session) {
      this.#idle = setTimeout(() => this.close(), this.#options.keepAliveMs).unref()
    } else if (this.#isRetired) {
      if (this.#session) this.#session.close()
      else this.#giveUp()
    }
  }
}
