import { setTimeout as delay } from 'node:timers/promises'

import { ask, type Asked } from './probes.ts'
import type { ProbeSpec } from './spec.ts'

/** What becomes known of a running container. */
export interface Findings {
  started(): void
  ready(is: boolean): void
  /** The container is to be ended, and started again by its policy. */
  unhealthy(why: string): void
}

/**
 * Asks a container by its probes for as long as it runs: first the start-up probe alone, then readiness and liveness.
 * @param running aborted when the container has ended
 * @param stopping aborted when the pod is to go: it is no longer asked whether it lives
 */
export async function watchContainer(
  asked: Asked,
  findings: Findings,
  running: AbortSignal,
  stopping: AbortSignal,
): Promise<void> {
  const { startupProbe, readinessProbe, livenessProbe } = asked.container
  const living = AbortSignal.any([running, stopping])
  if (startupProbe !== undefined) {
    const outcome = await until(startupProbe, asked, living, (passed) => passed)
    if (outcome === false) return findings.unhealthy('the start-up probe did not succeed')
    if (outcome === undefined) return
  }
  findings.started()
  if (readinessProbe === undefined) findings.ready(true)
  await Promise.all([
    readinessProbe && repeat(readinessProbe, asked, running, (passed) => findings.ready(passed)),
    livenessProbe && lives(livenessProbe, asked, living, findings),
  ])
}

async function lives(probe: ProbeSpec, asked: Asked, living: AbortSignal, findings: Findings): Promise<void> {
  const outcome = await until(probe, asked, living, () => false)
  if (outcome === false) findings.unhealthy('the liveness probe failed')
}

/** @returns true when `enough` says so, false after too many failures, undefined when it was aborted */
async function until(
  probe: ProbeSpec,
  asked: Asked,
  signal: AbortSignal,
  enough: (passed: boolean) => boolean,
): Promise<boolean | undefined> {
  const over = new AbortController()
  let outcome: boolean | undefined
  await repeat(probe, asked, AbortSignal.any([signal, over.signal]), (passed) => {
    if (passed && !enough(passed)) return
    outcome = passed
    over.abort()
  })
  return outcome
}

/** Asks at each period, and tells when as many answers in a row agree as the probe wants. */
async function repeat(
  probe: ProbeSpec,
  asked: Asked,
  signal: AbortSignal,
  tell: (passed: boolean) => void,
): Promise<void> {
  let row = 0
  let last: boolean | undefined
  if (!(await pause(probe.initialDelaySeconds, signal))) return
  do {
    const passed = await ask(probe, asked)
    if (signal.aborted) return
    row = passed === last ? row + 1 : 1
    last = passed
    if (row === (passed ? probe.successThreshold : probe.failureThreshold)) tell(passed)
  } while (await pause(probe.periodSeconds, signal))
}

/** @returns whether the time has passed, and not been cut short */
export async function pause(seconds: number, signal: AbortSignal): Promise<boolean> {
  if (seconds > 0) await delay(seconds * 1000, undefined, { signal }).catch(() => undefined)
  return !signal.aborted
}
