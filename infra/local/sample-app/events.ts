import type { ServerResponse } from 'node:http'

/** How many events a stream has, one each second; then it ends and the browser comes again. */
const EVENTS_AT_MOST = 60

export interface EventsOptions {
  /** Ends the stream early, when the app is asked to stop. */
  draining: AbortSignal
  /** Time between events in milliseconds. @default 1000 */
  everyMs?: number
}

/**
 * Sends a tick each second as server-sent events: shows whether a stream passes the gateway unbuffered.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function sendEvents(response: ServerResponse, { draining, everyMs = 1_000 }: EventsOptions): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  let tick = 0
  const send = (): void => {
    tick += 1
    response.write(`id: ${tick}\nevent: tick\ndata: {"tick":${tick},"time":"${new Date().toISOString()}"}\n\n`)
    if (tick >= EVENTS_AT_MOST) response.end()
  }
  const timer = setInterval(send, everyMs)
  const end = (): void => {
    response.end()
  }
  draining.addEventListener('abort', end, { once: true })
  response.once('close', () => {
    clearInterval(timer)
    draining.removeEventListener('abort', end)
  })
  send()
}
