import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import type { Api } from './api.ts'

const resourceSchema = z.object({ id: z.string(), name: z.string(), type: z.string().optional() })
const scopeSchema = z.object({ id: z.string(), name: z.string() })
const grantSchema = z.object({
  id: z.string(),
  resource: z.object({ id: z.string() }),
  scopes: z.array(z.object({ id: z.string() })).default([]),
})

type Resource = z.infer<typeof resourceSchema>
type Grant = z.infer<typeof grantSchema>

/** Which scopes an application may ask for, and what is needed to change that. */
interface Granted {
  openId: Resource
  /** Of the resource `openid`, by name. */
  scopeIds: Map<string, string>
  grants: Grant[]
  /** Names of scopes; what is granted at other resources is named by both. */
  scopes: string[]
}

/** Every application may ask for it. */
const IMPLICIT = 'openid'

/**
 * Reads which scopes are granted to an application.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html
 */
export async function readScopes(api: Api, applicationId: string): Promise<string[]> {
  return (await readGranted(api, applicationId)).scopes
}

/**
 * Grants exactly these scopes.
 * @throws ProviderError `vendor_refused` for a scope that the environment does not have, before anything is changed
 */
export async function grantScopes(api: Api, applicationId: string, wanted: readonly string[]): Promise<void> {
  const { openId, scopeIds, grants } = await readGranted(api, applicationId)
  const names = wanted.filter((name) => name !== IMPLICIT)
  const unknown = names.filter((name) => !scopeIds.has(name))
  if (unknown.length > 0) {
    const known = [...scopeIds.keys()].join(', ')
    throw new ProviderError(
      'vendor_refused',
      `The environment's resource "openid" has no scope ${unknown.join(', ')}: use those it has (${known}), or add it there`,
    )
  }
  const path = `applications/${applicationId}/grants`
  const scopes = names.map((name) => ({ id: scopeIds.get(name) }))
  const body = { resource: { id: openId.id }, scopes }
  const [present] = grants.filter(({ resource }) => resource.id === openId.id)
  for (const grant of grants) {
    if (grant !== present || scopes.length === 0) await api.delete(`${path}/${grant.id}`)
  }
  if (scopes.length === 0) return
  if (present === undefined) await api.post(path, body, grantSchema)
  else if (!sameIds(present.scopes, scopes)) await api.put(`${path}/${present.id}`, body)
}

async function readGranted(api: Api, applicationId: string): Promise<Granted> {
  const resources = await api.list('resources', 'resources', resourceSchema)
  const openId = resources.find(
    ({ type, name }) => type === 'OPENID_CONNECT' || (type === undefined && name === 'openid'),
  )
  if (openId === undefined) {
    throw new ProviderError('vendor_refused', 'The environment has no resource "openid": is it one with PingOne SSO?')
  }
  const [scopes, grants] = await Promise.all([
    api.list(`resources/${openId.id}/scopes`, 'scopes', scopeSchema),
    api.list(`applications/${applicationId}/grants`, 'grants', grantSchema),
  ])
  const nameOf = (resourceId: string, scopeId: string): string => {
    const scope = scopes.find(({ id }) => id === scopeId)
    if (resourceId === openId.id && scope !== undefined) return scope.name
    return `${resources.find(({ id }) => id === resourceId)?.name ?? resourceId}: ${scopeId}`
  }
  const granted = grants.flatMap((grant) => grant.scopes.map(({ id }) => nameOf(grant.resource.id, id)))
  return {
    openId,
    scopeIds: new Map(scopes.map(({ name, id }) => [name, id])),
    grants,
    scopes: [IMPLICIT, ...granted.filter((name) => name !== IMPLICIT)],
  }
}

function sameIds(left: readonly { id: string | undefined }[], right: readonly { id: string | undefined }[]): boolean {
  const ids = new Set(left.map(({ id }) => id))
  return ids.size === right.length && right.every(({ id }) => ids.has(id))
}
