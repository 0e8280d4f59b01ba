import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

import * as z from 'zod'

/** How long one question may take, and how long we rest between two, in milliseconds. */
const ASK_TIMEOUT_MS = 2_000
const INTERVAL_MS = 50

const readinessSchema = z.looseObject({
  status: z.literal('ready'),
  generation: z.string(),
  refused: z.object({ generation: z.string(), error: z.string() }).optional(),
})

/** What a program says about itself (docs/architecture.md, "A program and its folder"). */
export type Readiness = z.infer<typeof readinessSchema>

export type WaitOutcome =
  | { kind: 'ready' }
  | { kind: 'refused'; error: string }
  /** The process has ended. */
  | { kind: 'ended' }
  /** The time is over, or the deployment was cancelled. */
  | { kind: 'late' }

/** @returns the program's answer; undefined when it is not ready, or does not answer */
export async function askReadiness(url: string): Promise<Readiness | undefined> {
  try {
    // Not `fetch`, which takes longer to load than everything else here: every preview comes by. And this only when it is needed.
    const { get } = await import('node:http')
    const request = get(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS), agent: false })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const answer = readinessSchema.safeParse(await json(response))
    return response.statusCode === 200 && answer.success ? answer.data : undefined
  } catch {
    // Whatever the reason, the program is not ready; who waits asks again, and has the log to show in the end.
    return undefined
  }
}

/**
 * Asks until the program has a release in force.
 * @param generation of the release
 * @param known an older refusal of the same release, which is not an answer to the present attempt
 * @param isAlive whether the process is still there
 * @param signal ends the waiting
 */
export async function waitForRelease(
  url: string,
  generation: string,
  known: Readiness['refused'],
  isAlive: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<WaitOutcome> {
  const refusalCountsFrom = Date.now() + (known?.generation === generation ? ASK_TIMEOUT_MS : 0)
  while (!signal.aborted) {
    const answer = await askReadiness(url)
    if (answer?.generation === generation) return { kind: 'ready' }
    if (answer?.refused?.generation === generation && Date.now() >= refusalCountsFrom) {
      return { kind: 'refused', error: answer.refused.error }
    }
    if (!(await isAlive())) return { kind: 'ended' }
    await delay(INTERVAL_MS)
  }
  return { kind: 'late' }
}
