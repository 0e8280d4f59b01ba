import { ProviderError } from '../errors.ts'
import {
  askReadiness,
  currentGeneration,
  pointCurrent,
  redact,
  removeOtherReleases,
  requireFree,
  waitForRelease,
  type WaitOutcome,
  writeRelease,
} from '../local/index.ts'
import { installExecutables, LAUNCH, launchOf, makeFolders, removeOtherExecutables, writeUnit } from './files.ts'
import type { ServiceSpec } from './schema.ts'
import { journalTail, systemctl, type UnitState, unitState, variableOf } from './systemctl.ts'
import { ensureUser } from './user.ts'

/** How long a service may take until it is ready, where the inputs do not say, in seconds. */
const READY_TIMEOUT_SECONDS = 30

/** What is found before anything is done. */
export interface Situation {
  /** systemd's word for how the unit is. */
  active: string
  /** It was started with the unit and the environment that are wanted. */
  launchedAsWanted: boolean
  /** The release that it says is in force; undefined when it does not answer. */
  inForce: string | undefined
  /** The release that is wanted. */
  generation: string
  /** The release had to be written, so it cannot be in force yet. */
  fresh: boolean
}

export type Action = 'start' | 'restart' | 'reload' | 'nothing'

/** Chooses the gentlest way from what is to what is wanted. */
export function decide({ active, launchedAsWanted, inForce, generation, fresh }: Situation): Action {
  if (active === 'inactive' || active === 'failed') return 'start'
  if (active !== 'active' || !launchedAsWanted || inForce === undefined) return 'restart'
  return inForce === generation && !fresh ? 'nothing' : 'reload'
}

/**
 * Makes user, folders, executables, release and unit what is wanted, and the service run by them, now and after a boot. Doing it
 * twice does nothing the second time, so it also completes what a killed deployment has left half done.
 * @param cancelled ends the waiting for readiness
 * @throws ProviderError `reload_refused` (the former release is in force), `port_taken`, `not_ready`, `user_unfit`, `systemd_failed`
 */
export async function converge(spec: ServiceSpec, cancelled: AbortSignal): Promise<void> {
  const { unit, folder } = spec
  const account = await ensureUser(spec.user)
  await makeFolders(spec, account)
  await installExecutables(spec)
  const former = await currentGeneration(folder)
  const { generation, fresh } = await writeRelease(folder, spec, account.gid)
  await pointCurrent(folder, generation)
  const rewritten = await writeUnit(spec)
  if (rewritten) await systemctl('daemon-reload')
  const state = await unitState(unit)
  const found = await look(spec, state)
  // One that was edited by hand may have been started since, by whoever did it.
  const action = decide({ ...found, launchedAsWanted: found.launchedAsWanted && !rewritten, generation, fresh })
  const timeout = AbortSignal.timeout((spec.readyTimeoutSeconds ?? READY_TIMEOUT_SECONDS) * 1000)
  const isEnabled = state.enabled === 'enabled'
  await act({ spec, generation, isEnabled, signal: AbortSignal.any([cancelled, timeout]) }, action, former)
  // Last, so that what does not come up is not tried at each boot.
  if (!isEnabled) await systemctl('enable', unit)
  await removeOtherReleases(folder, generation)
  await removeOtherExecutables(spec)
}

/** @returns whether a service runs that was started with this unit and environment */
export async function isLaunchedAs(
  { mainPid }: UnitState,
  files: Pick<ServiceSpec, 'unitFile' | 'environmentFile'>,
): Promise<boolean> {
  return mainPid !== 0 && (await variableOf(mainPid, LAUNCH)) === launchOf(files)
}

async function look(spec: ServiceSpec, state: UnitState): Promise<Omit<Situation, 'generation' | 'fresh'>> {
  const launchedAsWanted = await isLaunchedAs(state, spec)
  const readiness = launchedAsWanted ? await askReadiness(spec.readyUrl) : undefined
  return { active: state.active, launchedAsWanted, inForce: readiness?.generation }
}

interface Attempt {
  spec: ServiceSpec
  generation: string
  /** It has come up before. */
  isEnabled: boolean
  signal: AbortSignal
}

async function act(attempt: Attempt, action: Action, former: string | undefined): Promise<void> {
  switch (action) {
    case 'restart':
      await systemctl('stop', attempt.spec.unit)
      return start(attempt)
    case 'start':
      return start(attempt)
    case 'reload':
      return reload(attempt, former)
    case 'nothing':
      return undefined
  }
}

/**
 * What does not become ready the first time is stopped: systemd would try it for ever. What has run before goes on being tried, since
 * a database that is away for the time of a deployment must not end it.
 */
async function start(attempt: Attempt): Promise<void> {
  const { unit, listen } = attempt.spec
  await requireFree(listen)
  await systemctl('start', unit)
  const { mainPid } = await unitState(unit)
  const outcome = await follow(attempt, mainPid, undefined)
  if (outcome.kind === 'ready') return
  if (!attempt.isEnabled) await systemctl('stop', unit)
  throw await notReady(attempt, mainPid, outcome)
}

async function reload(attempt: Attempt, former: string | undefined): Promise<void> {
  const { unit, folder, readyUrl, secrets } = attempt.spec
  const before = await askReadiness(readyUrl)
  const { mainPid } = await unitState(unit)
  await systemctl('reload', unit)
  const outcome = await follow(attempt, mainPid, before?.refused)
  if (outcome.kind === 'ready') return
  if (outcome.kind !== 'refused' || former === undefined || former === attempt.generation) {
    throw await notReady(attempt, mainPid, outcome)
  }
  await pointCurrent(folder, former)
  await removeOtherReleases(folder, former)
  // Read the old one again, so that the refusal is over and cannot be taken for an answer to the next attempt.
  await systemctl('reload', unit)
  const why = redact(outcome.error, Object.values(secrets))
  const text = `${unit} refused release ${attempt.generation} and goes on with ${former}: ${why}`
  throw new ProviderError('reload_refused', text)
}

type Refused = Parameters<typeof waitForRelease>[2]

function follow({ spec, generation, signal }: Attempt, pid: number, known: Refused): Promise<WaitOutcome> {
  // Another process means that this one has ended, and that systemd has started the next.
  const isAlive = async (): Promise<boolean> => pid !== 0 && (await unitState(spec.unit)).mainPid === pid
  return waitForRelease(spec.readyUrl, generation, known, isAlive, signal)
}

async function notReady({ spec, generation }: Attempt, pid: number, outcome: WaitOutcome): Promise<ProviderError> {
  const secrets = Object.values(spec.secrets)
  const tail = redact(await journalTail(pid), secrets)
  const said = tail === '' ? 'It wrote nothing' : `Its last lines were:\n${tail}\n`
  const text = `${spec.unit} ${describe(spec, generation, outcome, secrets)}. ${said} (all of it: journalctl -u ${spec.unit})`
  return new ProviderError('not_ready', text)
}

function describe(spec: ServiceSpec, generation: string, outcome: WaitOutcome, secrets: readonly string[]): string {
  if (outcome.kind === 'ended') return 'ended before it was ready'
  if (outcome.kind === 'refused') return `refused release ${generation}: ${redact(outcome.error, secrets)}`
  return `did not say in time at ${spec.readyUrl} that release ${generation} is in force`
}
