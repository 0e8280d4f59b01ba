import { once } from 'node:events'
import { Agent, request as sendRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

import { loopbackLookup } from '../../../runtime/net/index.ts'

/** Who asks for what, again and again. */
export interface TrafficOptions {
  url: string
  /** One of these per request, by turns: the cookies of people who are signed in. */
  cookies: readonly string[]
  perSecond: number
  /** Trusted, in PEM. */
  ca: string
  /** Whether an answer is what they came for. */
  expected: (status: number, body: string) => boolean
}

/** What came of it. */
export interface Traffic {
  sent: () => number
  /** One line per request that did not get what it came for, with when it began, in milliseconds since the start. */
  failures: () => readonly string[]
  /** Stops asking, and waits for the last answers. */
  stop(): Promise<void>
}

const TICK_MS = 20
const CONNECTIONS = 50

/** Starts to ask at a steady rate, whatever becomes of the requests before; every answer is to come within ten seconds. */
export function startTraffic({ url, cookies, perSecond, ca, expected }: TrafficOptions): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, ca, lookup: loopbackLookup })
  const began = performance.now()
  const failures: string[] = []
  const open = new Set<Promise<void>>()
  const stopped = new AbortController()
  let sent = 0

  async function ask(cookie: string): Promise<void> {
    const at = performance.now() - began
    try {
      const request = sendRequest(url, { agent, headers: { cookie }, signal: AbortSignal.timeout(10_000) }).end()
      const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
      const body = await text(response)
      if (expected(response.statusCode ?? 0, body)) return
      failures.push(`${at.toFixed(0)}: ${response.statusCode} ${body.slice(0, 200)}`)
    } catch (error) {
      failures.push(`${at.toFixed(0)}: ${String(error)}`)
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const due = ((performance.now() - began) / 1000) * perSecond
      for (; sent < due; sent++) {
        const asked = ask(cookies[sent % cookies.length] ?? '').finally(() => open.delete(asked))
        open.add(asked)
      }
      await delay(TICK_MS)
    }
    await Promise.all(open)
    agent.destroy()
  }

  const running = run()
  return {
    sent: () => sent,
    failures: () => failures,
    async stop() {
      stopped.abort()
      await running
    },
  }
}
