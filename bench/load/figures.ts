import { z } from 'zod'

import { FIGURES } from './script.ts'

const reported = z.strictObject({
  requests: z.int().nonnegative(),
  micros: z.int().positive(),
  failed: z.int().nonnegative(),
  p50Micros: z.int().nonnegative(),
  p99Micros: z.int().nonnegative(),
})

/** What wrk counted. */
export interface Figures {
  /** Answered ones. */
  requests: number
  /** Answers of 400 and above, and connections or requests that broke or took too long. */
  failed: number
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
}

/**
 * Finds what the load script told among the output of wrk.
 * @throws RangeError when it told nothing, or nonsense
 */
export function parseFigures(output: string): Figures {
  const line = output.split('\n').findLast((text) => text.startsWith(FIGURES))
  if (line === undefined) throw new RangeError('wrk told no figures')
  const parsed = reported.safeParse(JSON.parse(line.slice(FIGURES.length)))
  if (!parsed.success) throw new RangeError(`wrk told figures that cannot be: ${line}`)
  const { requests, micros, failed, p50Micros, p99Micros } = parsed.data
  return {
    requests,
    failed,
    requestsPerSecond: requests / (micros / 1_000_000),
    p50Ms: p50Micros / 1_000,
    p99Ms: p99Micros / 1_000,
  }
}
