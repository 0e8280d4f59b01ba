import { adopt, reload, start, type Attempt } from './attempt.ts'
import { makeFolder } from './folder.ts'
import { launchOf, readLaunch } from './launch.ts'
import { findRunning, type RunningProcess } from './pid-file.ts'
import { askReadiness, type Readiness } from './readiness.ts'
import { currentGeneration, pointCurrent, removeOtherReleases, writeRelease } from './release.ts'
import type { ProcessSpec } from './schema.ts'
import { stopProcess } from './stop.ts'

/** How long a program may take until it is ready, where the inputs do not say, in seconds. */
const READY_TIMEOUT_SECONDS = 30

/** What is found before anything is done. */
export interface Situation {
  running: RunningProcess | undefined
  /** The program was started with the command, bundle, addresses and readiness URL that are wanted. */
  launchedAsWanted: boolean
  /** What the program says; undefined when it does not answer. */
  readiness: Readiness | undefined
  /** Its time to become ready is not over. */
  mayBeStarting: boolean
  /** The release that is wanted. */
  generation: string
  /** The release had to be written, so it cannot be in force yet. */
  fresh: boolean
}

export type Action = 'start' | 'restart' | 'reload' | 'wait' | 'nothing'

/** Chooses the gentlest way from what is to what is wanted. */
export function decide(situation: Situation): Action {
  const { running, launchedAsWanted, readiness, mayBeStarting, generation, fresh } = situation
  if (running === undefined) return 'start'
  if (!launchedAsWanted) return 'restart'
  if (readiness === undefined) return mayBeStarting ? 'wait' : 'restart'
  return readiness.generation === generation && !fresh ? 'nothing' : 'reload'
}

/**
 * Makes the folder hold the release, and the program run with it. Doing it twice does nothing the second time, so it
 * also completes what a killed deployment has left half done.
 * @param signal ends the waiting for readiness
 * @throws ProviderError `reload_refused` (everything is as before), `port_taken`, `not_ready`, `stop_failed`
 */
export async function converge(spec: ProcessSpec, signal: AbortSignal): Promise<void> {
  const timeoutMs = (spec.readyTimeoutSeconds ?? READY_TIMEOUT_SECONDS) * 1000
  await makeFolder(spec.folder)
  const former = await currentGeneration(spec.folder)
  const { generation, fresh } = await writeRelease(spec.folder, spec)
  const situation = { ...(await look(spec, timeoutMs)), generation, fresh }
  await pointCurrent(spec.folder, generation)
  const attempt = { spec, generation, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }
  await act(attempt, situation, former)
  await removeOtherReleases(spec.folder, generation)
}

async function act(attempt: Attempt, situation: Situation, former: string | undefined): Promise<void> {
  const { running, readiness } = situation
  const action = decide(situation)
  if (running === undefined || action === 'start') return start(attempt)
  switch (action) {
    case 'restart':
      await stopProcess(attempt.spec.folder, running.pid)
      return start(attempt)
    case 'wait':
      return adopt(attempt, running.pid, former)
    case 'reload':
      return reload(attempt, running.pid, readiness, former)
    case 'nothing':
      return undefined
  }
}

async function look(spec: ProcessSpec, timeoutMs: number): Promise<Omit<Situation, 'generation' | 'fresh'>> {
  const running = await findRunning(spec.folder)
  if (running === undefined) {
    return { running, launchedAsWanted: false, readiness: undefined, mayBeStarting: false }
  }
  const launchedAsWanted = (await readLaunch(spec.folder)) === launchOf(spec)
  const readiness = launchedAsWanted ? await askReadiness(spec.readyUrl) : undefined
  return { running, launchedAsWanted, readiness, mayBeStarting: Date.now() - running.startedAt < timeoutMs }
}
