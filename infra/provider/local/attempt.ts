import { setTimeout as delay } from 'node:timers/promises'

import { ProviderError } from '../errors.ts'
import { launch } from './launch.ts'
import { requireFree } from './listeners.ts'
import { prepareOutputLog, readTail, redact, type OutputLog } from './output-log.ts'
import { findRunning, isRunning } from './pid-file.ts'
import { askReadiness, waitForRelease, type Readiness, type WaitOutcome } from './readiness.ts'
import { pointCurrent, removeOtherReleases } from './release.ts'
import type { ProcessSpec } from './schema.ts'
import { signalProcess, stopProcess } from './stop.ts'

/** Bringing one release into force. */
export interface Attempt {
  spec: ProcessSpec
  generation: string
  /** Ends with the time that the program has to become ready. */
  signal: AbortSignal
}

/**
 * Starts the program and waits until it is ready; what does not become ready is ended again.
 * @throws ProviderError `port_taken`, `not_ready` with the end of its log
 */
export async function start(attempt: Attempt): Promise<void> {
  const { folder } = attempt.spec
  const log = await prepareOutputLog(folder)
  const pid = await launchUnlessTaken(attempt.spec)
  const outcome = await follow(attempt, pid, undefined)
  if (outcome.kind === 'ready' && (await isRunning(folder, pid))) return
  if (outcome.kind !== 'ended') await stopProcess(folder, pid)
  throw await notReady(attempt, log, outcome)
}

/**
 * Waits for a program that somebody has just started, then sees to it that it has the release in force. One that ends
 * meanwhile was on its way out, and is started again.
 */
export async function adopt(attempt: Attempt, pid: number, former: string | undefined): Promise<void> {
  const { folder, readyUrl } = attempt.spec
  let readiness = await askReadiness(readyUrl)
  while (readiness === undefined && !attempt.signal.aborted && (await isRunning(folder, pid))) {
    await delay(50)
    readiness = await askReadiness(readyUrl)
  }
  if (readiness?.generation === attempt.generation) return
  if (await isRunning(folder, pid)) await reload(attempt, pid, readiness, former)
  else await start(attempt)
}

/**
 * Tells the running program to read its folder again.
 * @param before what it said of itself until now
 * @param former the release to go back to when the program refuses the new one
 * @throws ProviderError `reload_refused` after everything is as it was before, `not_ready`
 */
export async function reload(
  attempt: Attempt,
  pid: number,
  before: Readiness | undefined,
  former: string | undefined,
): Promise<void> {
  const { folder } = attempt.spec
  const log = await prepareOutputLog(folder)
  signalProcess(pid, 'SIGHUP')
  const outcome = await follow(attempt, pid, before?.refused)
  if (outcome.kind === 'ready') return
  if (outcome.kind !== 'refused' || former === undefined || former === attempt.generation) {
    throw await notReady(attempt, log, outcome)
  }
  await pointCurrent(folder, former)
  await removeOtherReleases(folder, former)
  // Read the old one again, so that the refusal is over and cannot be taken for an answer to the next attempt.
  signalProcess(pid, 'SIGHUP')
  const why = redact(outcome.error, Object.values(attempt.spec.secrets))
  const text = `The program in ${folder} refused release ${attempt.generation} and goes on with ${former}: ${why}`
  throw new ProviderError('reload_refused', text)
}

/** An address may be taken by the very program that we want, started by somebody else a moment ago. */
async function launchUnlessTaken(spec: ProcessSpec): Promise<number> {
  try {
    await requireFree(spec.listen, spec.siblings)
  } catch (error) {
    const other = await findRunning(spec.folder)
    if (other === undefined) throw error
    return other.pid
  }
  return (await launch(spec)).pid
}

function follow({ spec, generation, signal }: Attempt, pid: number, known: Readiness['refused']): Promise<WaitOutcome> {
  return waitForRelease(spec.readyUrl, generation, known, () => isRunning(spec.folder, pid), signal)
}

async function notReady(attempt: Attempt, log: OutputLog, outcome: WaitOutcome): Promise<ProviderError> {
  const { spec } = attempt
  const secrets = Object.values(spec.secrets)
  const tail = await readTail(log, secrets)
  const said = tail === '' ? 'It wrote nothing' : `Its last lines were:\n${tail}\n`
  const text = `The program in ${spec.folder} ${describe(attempt, outcome, secrets)}. ${said} (whole log: ${log.file})`
  return new ProviderError('not_ready', text)
}

function describe({ spec, generation }: Attempt, outcome: WaitOutcome, secrets: readonly string[]): string {
  if (outcome.kind === 'ended') return 'ended before it was ready'
  if (outcome.kind === 'refused') return `refused release ${generation}: ${redact(outcome.error, secrets)}`
  return `did not say in time at ${spec.readyUrl} that release ${generation} is in force`
}
