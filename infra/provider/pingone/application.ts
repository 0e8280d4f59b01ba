import { InitializationFailure, ProviderError } from '../errors.ts'
import { UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { openApi, type Api } from './api.ts'
import { checkTakeOver, findByName, readApplication } from './application-lookup.ts'
import {
  alignSettings,
  applicationRecordSchema,
  toCreateBody,
  toSettings,
  toUpdateBody,
  unorderedInputs,
} from './application-record.ts'
import { mapAttributes, readAttributes } from './attributes.ts'
import { grantScopes, readScopes } from './grants.ts'
import { assignRoles, readRoles } from './roles.ts'
import {
  type ApplicationInputs,
  applicationInputsSchema,
  type ApplicationSettings,
  applicationSettingsSchema,
  type ApplicationState,
  applicationStateSchema,
} from './schema.ts'
import { digestOf, readSecrets } from './secrets.ts'

/** Outputs that only an answer of the vendor can give. */
const given = ['clientId', 'bornWith']

/**
 * An OpenID Connect application of a PingOne environment, with its grants, claims and roles; its id is the client id. A
 * create looks for an application of the very name first and takes that over, so that a deployment which died before
 * its state was written leaves no twin.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/applications-1.html
 */
export const applicationType: ResourceType = {
  secrets: [['credentials', 'clientSecret']],
  stableOutputs: given,

  check: (inputs) => ({ inputs, failures: checkInputs(applicationInputsSchema, inputs) }),

  async diff({ oldInputs, newInputs }) {
    const rules = { replaceOn: ['domain', 'environmentId', 'type'], unordered: unorderedInputs }
    return diffProperties(withoutTakeOver(oldInputs), withoutTakeOver(newInputs), rules)
  },

  plan(inputs, state) {
    const kept = Object.fromEntries(given.map((name) => [name, state?.[name] ?? UNKNOWN])) as Properties
    return { ...withoutTakeOver(inputs), ...kept }
  },

  async create(call, properties) {
    const inputs = applicationInputsSchema.parse(properties)
    const api = openApi(inputs, call.signal)
    const found = inputs.takeOver ?? (await findByName(api, inputs))
    if (found === undefined) return makeApplication(api, inputs)
    const outputs = toState(inputs, { clientId: found, bornWith: '' })
    await checkTakeOver(api, found, inputs)
    await initialise(outputs, () => converge(api, found, inputs))
    return { id: found, outputs }
  },

  async read(call, id, state, inputs) {
    const recorded = parseState(call.name, id, state)
    const api = openApi(recorded, call.signal)
    const record = await readApplication(api, id)
    if (record === 'gone') return 'gone'
    const found = alignSettings({ ...toSettings(record), ...(await readParts(api, id, recorded)) }, recorded)
    const kept = Object.entries(inputs).filter(([name]) => !(name in applicationSettingsSchema.shape))
    const { domain, environmentId, credentials, clientId, bornWith } = recorded
    return {
      inputs: { ...Object.fromEntries(kept), ...found },
      outputs: { domain, environmentId, credentials, clientId, bornWith, ...found },
    }
  },

  async update(call, id, state, properties) {
    const inputs = applicationInputsSchema.parse(properties)
    const { clientId, bornWith } = parseState(call.name, id, state)
    await converge(openApi(inputs, call.signal), id, inputs)
    return toState(inputs, { clientId, bornWith })
  },

  async delete(call, state) {
    const recorded = parseState(call.name, '', state)
    await openApi(recorded, call.signal).delete(`applications/${recorded.clientId}`)
  },
}

async function makeApplication(api: Api, inputs: ApplicationInputs): Promise<{ id: string; outputs: Properties }> {
  const { id } = await api.post('applications', toCreateBody(inputs), applicationRecordSchema)
  const outputs = toState(inputs, { clientId: id, bornWith: '' })
  await initialise(outputs, async () => {
    outputs.bornWith = digestOf((await readSecrets(api, id)).current)
    await convergeParts(api, id, inputs)
  })
  return { id, outputs }
}

/** From the moment when the application exists, no failure may lose it. */
async function initialise(outputs: ApplicationState, complete: () => Promise<void>): Promise<void> {
  try {
    await complete()
  } catch (error) {
    throw new InitializationFailure(outputs.clientId, outputs, error)
  }
}

/** Makes the application what the inputs say; what is right already is not written. */
async function converge(api: Api, id: string, inputs: ApplicationInputs): Promise<void> {
  const record = await readApplication(api, id)
  if (record === 'gone') {
    const text = `The environment has no application ${id} any more: run "pulumi refresh", and the next "pulumi up" makes it anew`
    throw new ProviderError('vendor_refused', text)
  }
  const wanted: ApplicationSettings = applicationSettingsSchema.omit(parts).parse(inputs)
  const present = alignSettings(toSettings(record), wanted)
  if (diffProperties(present, wanted, { replaceOn: [], unordered: [] }).length > 0) {
    await api.put(`applications/${id}`, toUpdateBody(inputs, record))
  }
  await convergeParts(api, id, inputs)
}

const parts = { scopes: true, attributes: true, roles: true } as const

async function convergeParts(api: Api, id: string, inputs: ApplicationInputs): Promise<void> {
  const { scopes, attributes, roles } = inputs
  if (scopes !== undefined) await grantScopes(api, id, scopes)
  if (attributes !== undefined) await mapAttributes(api, id, attributes)
  if (roles !== undefined) await assignRoles(api, inputs.environmentId, id, roles)
}

async function readParts(
  api: Api,
  id: string,
  { environmentId, scopes, attributes, roles }: ApplicationState,
): Promise<Partial<ApplicationSettings>> {
  // Together: every preview reads them.
  const found = await Promise.all([
    scopes && readScopes(api, id),
    attributes && readAttributes(api, id),
    roles && readRoles(api, environmentId, id),
  ])
  return {
    ...(found[0] ? { scopes: found[0] } : {}),
    ...(found[1] ? { attributes: found[1] } : {}),
    ...(found[2] ? { roles: found[2] } : {}),
  }
}

function withoutTakeOver(inputs: Properties): Properties {
  const { takeOver: _, ...lasting } = inputs
  return lasting
}

function toState(inputs: ApplicationInputs, made: { clientId: string; bornWith: string }): ApplicationState {
  return applicationStateSchema.parse({ ...inputs, ...made })
}

function parseState(name: string, id: string, state: Properties): ApplicationState {
  const parsed = applicationStateSchema.safeParse(state)
  if (parsed.success) return parsed.data
  const text = `${name}: application ${id} cannot be read by its id alone, as that tells neither its environment nor the credentials: write the id to "import" of the identity provider in the stack file`
  throw new ProviderError('import_unsupported', text)
}
