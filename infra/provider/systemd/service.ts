import { InitializationFailure, ProviderError } from '../errors.ts'
import { askReadiness, generationOf, planRelease, readCurrent, requireFree, requireUsable } from '../local/index.ts'
import type { Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { converge, isLaunchedAs } from './converge.ts'
import { installedExecutables, readUnit, removeFiles, requireOurs } from './files.ts'
import { serviceInputsSchema, serviceStateSchema, type ServiceState } from './schema.ts'
import { requireAdministrator, systemctl, unitState } from './systemctl.ts'

/** What names the service: another name is another service. */
const NAMES = ['unit', 'folder', 'programs']

/**
 * A program that systemd runs on this machine. Config and secrets are reloaded by the running program, its unit, environment and
 * executables are changed by a restart, all within an update. Its outputs are such that nothing else hangs on them.
 */
export const serviceType: ResourceType = {
  secrets: [['secrets', '*']],
  stableOutputs: [],

  check(properties) {
    const inputs = { running: true, enabled: true, ...properties }
    return { inputs, failures: checkInputs(serviceInputsSchema, inputs) }
  },

  async diff({ state, oldInputs, newInputs }) {
    const changes = diffProperties(oldInputs, newInputs, { replaceOn: NAMES, unordered: [] })
    // A plain preview reads nothing, and is to see all the same that a service has died; only root can look.
    const looked = changes.some(({ path }) => path[0] === 'running') || process.getuid?.() !== 0
    if (looked || (await runsAsRecorded(state))) return changes
    return [...changes, { path: ['running'], kind: 'add', replaces: false }]
  },

  plan: planRelease,

  async create(call, properties) {
    const spec = serviceInputsSchema.parse(properties)
    requireAdministrator()
    await requireOurs(spec)
    await requireUsable(spec.folder)
    // Before anything is made; what a killed deployment has started is taken over.
    if ((await unitState(spec.unit)).mainPid === 0) await requireFree(spec.listen)
    try {
      await converge(spec, call.signal)
    } catch (error) {
      throw incomplete(call.name, properties, error)
    }
    return { id: call.name, outputs: this.plan(properties, undefined) }
  },

  async read(call, id, state, inputs) {
    const recorded = parseState(call.name, id, state)
    requireAdministrator()
    const { config, secrets } = (await readCurrent(recorded.folder)) ?? { config: {}, secrets: {} }
    const files = await readUnit(recorded.unit)
    const found = { ...files, config, secrets: { ...secrets }, executables: await installedExecutables(recorded) }
    const unit = await unitState(recorded.unit)
    if (files.unitFile === '' && unit.mainPid === 0 && Object.keys(config).length === 0) return 'gone'
    const generation = generationOf({ config, secrets })
    const running = await runsRelease({ ...recorded, ...files }, generation)
    const now = { ...found, running, enabled: unit.enabled === 'enabled' }
    return { inputs: { ...inputs, ...now }, outputs: { ...state, ...now, generation } }
  },

  async update(call, id, state, properties) {
    const spec = serviceInputsSchema.parse(properties)
    requireAdministrator()
    await requireOurs(spec)
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
    const recorded = parseState(call.name, '', state)
    requireAdministrator()
    const { unit } = recorded
    await requireOurs(recorded)
    await requireUsable(recorded.folder)
    const { active, enabled, mainPid } = await unitState(unit)
    if (enabled === 'enabled') await systemctl('disable', unit)
    if (mainPid !== 0 || active !== 'inactive') await systemctl('stop', unit)
    await removeFiles(recorded)
    await systemctl('daemon-reload')
    // Else its failure, if it failed, would be remembered without it.
    if (active === 'failed') await systemctl('reset-failed', unit).catch(ignoreUnknownUnit)
  },
}

/** The machine is what the inputs say, or on its way there: the state has to know it, and the next update goes on. */
function incomplete(id: string, inputs: Properties, cause: unknown): InitializationFailure {
  return new InitializationFailure(id, { ...serviceType.plan(inputs, undefined), running: false }, cause)
}

/** Whether nothing has happened to the service since the state was written. */
async function runsAsRecorded(state: Properties): Promise<boolean> {
  const recorded = serviceStateSchema.parse(state)
  const content = await readCurrent(recorded.folder)
  if (content === undefined || generationOf(content) !== recorded.generation) return false
  const { unitFile, environmentFile } = await readUnit(recorded.unit)
  const isAsWritten = unitFile === recorded.unitFile && environmentFile === recorded.environmentFile
  return isAsWritten && (await runsRelease(recorded, recorded.generation))
}

/** Whether the service that we started is there, answers, and has the release in force that its folder holds. */
async function runsRelease(recorded: ServiceState, generation: string): Promise<boolean> {
  if (!(await isLaunchedAs(await unitState(recorded.unit), recorded))) return false
  return (await askReadiness(recorded.readyUrl))?.generation === generation
}

function parseState(name: string, id: string, state: Properties): ServiceState {
  const parsed = serviceStateSchema.safeParse(state)
  if (parsed.success) return parsed.data
  const text = `${name}: ${id} cannot be imported: a service is known by its folder and inputs, which only the state has`
  throw new ProviderError('import_unsupported', text)
}

function ignoreUnknownUnit(error: unknown): void {
  if (!(error instanceof ProviderError)) throw error
}
