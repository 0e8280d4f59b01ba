import { InitializationFailure, ProviderError } from '../errors.ts'
import type { Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { converge } from './converge.ts'
import { kindOfFolder, moveFolder, removeFolder, requireMovable, requireUsable } from './folder.ts'
import { launchOf, readLaunch } from './launch.ts'
import { requireFree } from './listeners.ts'
import { findRunning } from './pid-file.ts'
import { askReadiness } from './readiness.ts'
import { generationOf, planRelease, readCurrent } from './release.ts'
import { processInputsSchema, processStateSchema, type ProcessState } from './schema.ts'
import { stopProcess } from './stop.ts'

/**
 * A program on this machine that outlives the deployment. It is never replaced: config and secrets are reloaded by the
 * running program, what it was started with is changed by a restart, and its folder is moved, all within an update. Its
 * outputs are such that nothing else hangs on them: pid and URLs are none.
 */
export const processType: ResourceType = {
  secrets: [['secrets', '*']],
  stableOutputs: [],

  check(properties) {
    const inputs = { running: true, ...properties }
    return { inputs, failures: checkInputs(processInputsSchema, inputs) }
  },

  async diff({ state, oldInputs, newInputs }) {
    const changes = diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] })
    // A plain preview reads nothing, and is to see all the same that a program has died: looking costs next to nothing here.
    if (changes.some(({ path }) => path[0] === 'running') || (await runsAsRecorded(state))) return changes
    return [...changes, { path: ['running'], kind: 'add', replaces: false }]
  },

  plan: planRelease,

  async create(call, properties) {
    const spec = processInputsSchema.parse(properties)
    requirePosix()
    await requireUsable(spec.folder)
    // Before anything is made: a folder that exists already may have its program running.
    if ((await kindOfFolder(spec.folder)) !== 'ours') await requireFree(spec.listen, spec.siblings)
    try {
      await converge(spec, call.signal)
    } catch (error) {
      throw incomplete(call.name, properties, error)
    }
    return { id: call.name, outputs: this.plan(properties, undefined) }
  },

  async read(call, id, state, inputs) {
    const recorded = parseState(call.name, id, state)
    const isAbsent = (await kindOfFolder(recorded.folder)) === 'absent'
    if (isAbsent && (await findRunning(recorded.folder)) === undefined) return 'gone'
    const { config, secrets } = (await readCurrent(recorded.folder)) ?? { config: {}, secrets: {} }
    const generation = generationOf({ config, secrets })
    const running = await runsRelease(recorded, generation)
    const found = { config, secrets: { ...secrets }, running }
    return { inputs: { ...inputs, ...found }, outputs: { ...state, ...found, generation } }
  },

  async update(call, id, state, properties) {
    const spec = processInputsSchema.parse(properties)
    const recorded = parseState(call.name, id, state)
    requirePosix()
    if (recorded.folder !== spec.folder) {
      await requireMovable(recorded.folder, spec.folder)
      await stopIfRunning(recorded.folder)
      await moveFolder(recorded.folder, spec.folder)
    }
    try {
      await converge(spec, call.signal)
    } catch (error) {
      // A refused reload leaves everything as it was, so the state stays what it was too.
      throw error instanceof ProviderError && error.code === 'reload_refused'
        ? error
        : incomplete(id, properties, error)
    }
    return this.plan(properties, state)
  },

  async delete(call, state) {
    const { folder } = parseState(call.name, '', state)
    await stopIfRunning(folder)
    await removeFolder(folder)
  },
}

/** The folder is what the inputs say, or on its way there: the state has to know it, and the next update goes on. */
function incomplete(id: string, inputs: Properties, cause: unknown): InitializationFailure {
  return new InitializationFailure(id, { ...processType.plan(inputs, undefined), running: false }, cause)
}

/** Whether nothing has happened to the program and its folder since the state was written. */
async function runsAsRecorded(state: Properties): Promise<boolean> {
  const recorded = processStateSchema.parse(state)
  const content = await readCurrent(recorded.folder)
  if (content === undefined || generationOf(content) !== recorded.generation) return false
  return runsRelease(recorded, recorded.generation)
}

/** Whether the program that we started is there, answers, and has the release in force that its folder holds. */
async function runsRelease(recorded: ProcessState, generation: string): Promise<boolean> {
  if ((await findRunning(recorded.folder)) === undefined) return false
  if ((await readLaunch(recorded.folder)) !== launchOf(recorded)) return false
  return (await askReadiness(recorded.readyUrl))?.generation === generation
}

async function stopIfRunning(folder: string): Promise<void> {
  const running = await findRunning(folder)
  if (running !== undefined) await stopProcess(folder, running.pid)
}

function parseState(name: string, id: string, state: Properties): ProcessState {
  const parsed = processStateSchema.safeParse(state)
  if (parsed.success) return parsed.data
  const text = `${name}: ${id} cannot be imported: a process is known by its folder and inputs, which only the state has`
  throw new ProviderError('import_unsupported', text)
}

function requirePosix(): void {
  if (process.platform !== 'win32') return
  throw new ProviderError('platform_unsupported', 'Local processes need a POSIX shell: use WSL, or another target')
}
