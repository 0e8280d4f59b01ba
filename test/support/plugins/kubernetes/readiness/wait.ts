import { setTimeout as delay } from 'node:timers/promises'

import type { Properties } from '../../../../../infra/provider/properties.ts'
import type { Api } from '../api.ts'
import { annotation, describe } from '../manifest.ts'

const DEFAULT_TIMEOUT_SECONDS = 600
const INTERVAL_MS = 100

/** What somebody waits for, looked at again and again. */
export interface Look {
  api: Api
  /** As the API server gave it when it was made or changed. */
  object: Properties
  /** Before the change; left out for a new object. */
  former?: Properties
  signal: AbortSignal
}

/** Whether an object is as it is to be, and if not, what it lacks. */
export type Verdict = { ready: true } | { ready: false; lacks: string[] }

export const READY: Verdict = { ready: true }

/**
 * Looks until the object is ready, or its time is over: `pulumi.com/timeoutSeconds`, ten minutes where it is not set.
 * @throws Error with all that is lacking in the end
 */
export async function waitUntil(look: Look, judge: (look: Look) => Promise<Verdict>): Promise<void> {
  const seconds = Number(annotation(look.object, 'timeoutSeconds')) || DEFAULT_TIMEOUT_SECONDS
  const deadline = AbortSignal.timeout(seconds * 1000)
  const signal = AbortSignal.any([deadline, look.signal])
  for (;;) {
    const verdict = await judge(look)
    if (verdict.ready) return
    if (signal.aborted) throw notReady(look.object, deadline.aborted, verdict.lacks)
    // Ended early by the signal, it is looked at once more.
    await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined)
  }
}

function notReady(object: Properties, isLate: boolean, lacks: string[]): Error {
  const end = isLate ? 'the wait for it has timed out' : 'the wait for it was cancelled'
  return new Error(`${describe(object)} was made but is not ready, and ${end}:\n  ${lacks.join('\n  ')}`)
}
