import { ProviderError } from '../errors.ts'
import type { Api } from './api.ts'
import { type ApplicationRecord, applicationRecordSchema, toSettings } from './application-record.ts'
import type { ApplicationInputs } from './schema.ts'

/** Reads an application; its scopes, attributes and roles have addresses of their own. */
export function readApplication(api: Api, id: string): Promise<ApplicationRecord | 'gone'> {
  return api.get(`applications/${id}`, applicationRecordSchema)
}

/**
 * Looks for the application that a deployment made, and died before that was recorded: one of that name and description.
 * @returns its id, or undefined when there is none
 * @throws ProviderError `vendor_refused` for several, or for one of another type
 */
export async function findByName(
  api: Api,
  { name, description, type }: ApplicationInputs,
): Promise<string | undefined> {
  const schema = applicationRecordSchema.pick({ id: true, name: true, description: true, type: true })
  const all = await api.list('applications', 'applications', schema)
  const named = all.filter((application) => application.name === name && application.description === description)
  if (named.length > 1) {
    const ids = named.map(({ id }) => id).join(', ')
    throw new ProviderError(
      'vendor_refused',
      `The environment has ${named.length} applications called ${JSON.stringify(name)} (${ids}): delete or rename all but the one that this stack is to have`,
    )
  }
  const [found] = named
  if (found !== undefined && found.type !== type) {
    const text = `The environment's application ${JSON.stringify(name)} (${found.id}) is a ${found.type}, not a ${type}: rename it`
    throw new ProviderError('vendor_refused', text)
  }
  return found?.id
}

/**
 * Refuses to take over what would become another thing by that.
 * @throws ProviderError `vendor_refused`
 */
export async function checkTakeOver(api: Api, id: string, inputs: ApplicationInputs): Promise<void> {
  const record = await readApplication(api, id)
  const refuse = (text: string) => new ProviderError('vendor_refused', `The environment's application ${id} ${text}`)
  if (record === 'gone') throw refuse('does not exist: correct or remove "import" in the stack file')
  const { type, protocol } = record
  if (type !== inputs.type || protocol !== 'OPENID_CONNECT') {
    throw refuse(
      `is of the type ${type} with ${protocol}, not ${inputs.type} with OPENID_CONNECT: it cannot be taken over`,
    )
  }
  const { accessGroups } = toSettings(record)
  if (accessGroups.length > 0 && inputs.accessGroups.length === 0) {
    throw refuse(
      `lets only members of ${accessGroups.length} groups in, which taking it over would undo: name them in allowedGroups, or remove them there`,
    )
  }
}
