import { InitializationFailure, ProviderError } from '../errors.ts'
import { containsUnknown, UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { converge } from './converge.ts'
import { kindOfFolder, moveFolder, removeFolder, requireUsable } from './folder.ts'
import { launchOf, readLaunch } from './launch.ts'
import { findTaken, ownerOf, portTaken } from './listeners.ts'
import { findRunning } from './pid-file.ts'
import { askReadiness } from './readiness.ts'
import { generationOf, readCurrent } from './release.ts'
import { processInputsSchema, processStateSchema, type ProcessSpec, type ProcessState } from './schema.ts'
import { stopProcess } from './stop.ts'

/**
 * A program on this machine that outlives the deployment. It is never replaced: config and secrets are reloaded by the
 * running program, what it was started with is changed by a restart, and its folder is moved, all within an update. Its
 * outputs are such that nothing else hangs on them: pid and URLs are none.
 */
export const processType: ResourceType = {
  secrets: [['secrets', '*']],
  refreshBeforeUpdate: true,
  stableOutputs: [],

  check(properties) {
    const inputs = { running: true, ...properties }
    return { inputs, failures: checkInputs(processInputsSchema, inputs) }
  },

  diff: async ({ oldInputs, newInputs }) => diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] }),

  plan(inputs) {
    const { config = {}, secrets = {} } = inputs
    const known = !containsUnknown(config) && !containsUnknown(secrets)
    const content = { config: config as Properties, secrets: secrets as Record<string, string> }
    return { ...inputs, generation: known ? generationOf(content) : UNKNOWN }
  },

  async create(call, properties) {
    const spec = processInputsSchema.parse(properties)
    requirePosix()
    await requireUsable(spec.folder)
    await requireFreeAddresses(spec)
    await completely(call.name, properties, () => converge(spec, call.signal))
    return { id: call.name, outputs: this.plan(properties, undefined) }
  },

  async read(call, id, state, inputs) {
    const recorded = parseState(call.name, id, state)
    if ((await kindOfFolder(recorded.folder)) === 'absent') return 'gone'
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
      await requireUsable(spec.folder)
      await stopIfRunning(recorded.folder)
      await moveFolder(recorded.folder, spec.folder)
    }
    await completely(id, properties, () => converge(spec, call.signal))
    return this.plan(properties, state)
  },

  async delete(call, state) {
    const { folder } = parseState(call.name, '', state)
    await stopIfRunning(folder)
    await removeFolder(folder)
  },
}

/** A refused reload leaves everything as it was; after any other failure the folder is what the inputs say, and nothing runs. */
async function completely(id: string, inputs: Properties, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'reload_refused') throw error
    throw new InitializationFailure(id, { ...processType.plan(inputs, undefined), running: false }, error)
  }
}

/** Whether the program that we started is there, answers, and has the release in force that its folder holds. */
async function runsRelease(recorded: ProcessState, generation: string): Promise<boolean> {
  if ((await findRunning(recorded.folder)) === undefined) return false
  if ((await readLaunch(recorded.folder)) !== launchOf(recorded)) return false
  return (await askReadiness(recorded.readyUrl))?.generation === generation
}

async function requireFreeAddresses(spec: ProcessSpec): Promise<void> {
  if ((await kindOfFolder(spec.folder)) === 'ours') return
  const taken = await findTaken(spec.listen)
  if (taken !== undefined) throw portTaken(taken, await ownerOf(taken))
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
