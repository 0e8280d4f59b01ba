import * as z from 'zod'

import type { Api } from './api.ts'

const attributeSchema = z.object({
  id: z.string(),
  name: z.string(),
  value: z.string().default(''),
  mappingType: z.string().optional(),
})

type Attribute = z.infer<typeof attributeSchema>

/** The claim that every application has, and that says who somebody is. */
const SUBJECT = 'sub'

/**
 * Reads which claims an application's tokens have of its own, by name. Those that come with a scope are the scope's.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/application-attribute-mapping.html
 */
export async function readAttributes(api: Api, applicationId: string): Promise<Record<string, string>> {
  return Object.fromEntries((await listAttributes(api, applicationId)).map(({ name, value }) => [name, value]))
}

/** Gives an application's tokens exactly these claims; `sub` stays as it is where it is not among them. */
export async function mapAttributes(api: Api, applicationId: string, wanted: Record<string, string>): Promise<void> {
  const path = `applications/${applicationId}/attributes`
  const present = await listAttributes(api, applicationId)
  for (const { id, name } of present) {
    if (wanted[name] === undefined && name !== SUBJECT) await api.delete(`${path}/${id}`)
  }
  for (const [name, value] of Object.entries(wanted)) {
    const body = { name, value, required: name === SUBJECT }
    const mapped = present.find((attribute) => attribute.name === name)
    if (mapped === undefined) await api.post(path, body, attributeSchema)
    else if (mapped.value !== value) await api.put(`${path}/${mapped.id}`, body)
  }
}

async function listAttributes(api: Api, applicationId: string): Promise<Attribute[]> {
  const attributes = await api.list(`applications/${applicationId}/attributes`, 'attributes', attributeSchema)
  return attributes.filter(({ mappingType }) => mappingType !== 'SCOPE')
}
