import type { ClientHttp2Session } from 'node:http2'

import { Http2Timeout } from './failure.ts'

/** Times are in milliseconds. */
export interface SilenceLimits {
  /** How often it is looked whether anything came. */
  checkMs: number
  /** How long a ping may go unanswered. */
  answerMs: number
  /**
   * Between two pings when nothing else came in the meantime. gRPC servers end connections of clients that ping an idle
   * stream more often than every five minutes (gRPC proposal A8).
   */
  pauseMs: number
}

export const DEFAULT_SILENCE: SilenceLimits = { checkMs: 30_000, answerMs: 10_000, pauseMs: 310_000 }

/** What is known of a connection's traffic. */
export interface Traffic {
  /** There are open streams: an unused connection may be as silent as it likes. */
  isInUse(): boolean
  /** Anything but answers to pings came since this was last asked. */
  takeHeard(): boolean
}

/**
 * Ends a connection whose other side has gone without a word: a long answer that is silent by nature would otherwise wait for
 * it until its idle limit.
 * @returns stops watching
 * @see RFC 9113 §6.7
 */
export function watchSilence(session: ClientHttp2Session, limits: SilenceLimits, traffic: Traffic): () => void {
  let deadline: NodeJS.Timeout | undefined
  let pingedAt = -Infinity
  const look = (): void => {
    if (traffic.takeHeard()) {
      pingedAt = -Infinity
      return
    }
    if (!traffic.isInUse() || deadline || performance.now() - pingedAt < limits.pauseMs || session.destroyed) return
    pingedAt = performance.now()
    deadline = setTimeout(
      () => session.destroy(new Http2Timeout(`the upstream did not answer a ping within ${limits.answerMs} ms`)),
      limits.answerMs,
    ).unref()
    session.ping(() => {
      clearTimeout(deadline)
      deadline = undefined
    })
  }
  const timer = setInterval(look, limits.checkMs).unref()
  return () => {
    clearInterval(timer)
    clearTimeout(deadline)
  }
}
