import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import type { Properties } from '../properties.ts'
import type { ProviderFunction } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { type Graph, lookTwice, openGraph, understand } from './graph.ts'
import { administrationSchema } from './schema.ts'

/** How much of a name must be right for the near one to be found. */
const PREFIX_LENGTH = 2
/** How many groups with a name that begins alike are looked at: as many as one page holds. */
const MAX_ALIKE = 999

/** `{administration}` → `{graphUrl, callerId}`: where Graph is, and which service principal we are. */
export const getTenant: ProviderFunction = async (args, signal) => {
  const { administration } = z.object({ administration: administrationSchema }).parse(args)
  const { url, callerId } = await openGraph(administration, signal)
  return { graphUrl: new URL(url).origin, callerId }
}

const applicationsArgs = z.object({ administration: administrationSchema, tag: z.string().min(1) })

const applicationSchema = z.object({
  id: z.guid(),
  passwordCredentials: z.array(z.unknown()),
  keyCredentials: z.array(z.unknown()),
})

/**
 * `{administration, tag}` → `{objectIds}`: applications with the tag that nobody has any hold on but us.
 *
 * By default every member of a tenant may register applications: one that was put in the way of a deployment would get
 * our callbacks and rights, and its maker would still own it, or have a credential for it. Such a one is not ours to adopt.
 * @param pause how to wait; tests give one that does not
 */
export async function findUnclaimedApplications(
  args: Properties,
  signal: AbortSignal,
  pause?: Pause,
): Promise<Properties> {
  const { administration, tag } = applicationsArgs.parse(args)
  const graph = await openGraph(administration, signal, pause)
  const filter = `tags/any(t:t eq ${quote(tag)})`
  const path = `/applications?$filter=${encodeURIComponent(filter)}&$select=id,passwordCredentials,keyCredentials`
  const tagged = understand(z.array(applicationSchema), (await graph.list(path)) ?? [], graph.url + path)
  const bare = tagged.filter((app) => app.passwordCredentials.length + app.keyCredentials.length === 0)
  const unclaimed = await Promise.all(
    bare.map(async ({ id }) => ((await isClaimed(graph, id, signal, pause)) ? [] : [id])),
  )
  return { objectIds: unclaimed.flat() }
}

/** One of which nobody can say who has a hold on it counts as claimed. */
async function isClaimed(graph: Graph, id: string, signal: AbortSignal, pause?: Pause): Promise<boolean> {
  const [owners, federated] = await Promise.all([
    lookTwice(() => graph.list(`/applications/${id}/owners?$select=id`), signal, pause),
    lookTwice(() => graph.list(`/applications/${id}/federatedIdentityCredentials`), signal, pause),
  ])
  if (!owners || !federated) return true
  const known = understand(z.array(z.object({ id: z.string() })), owners, graph.url)
  return federated.length > 0 || known.some((owner) => owner.id !== graph.callerId)
}

const groupsArgs = z.object({ administration: administrationSchema, names: z.array(z.string().min(1)) })
const groupsSchema = z.array(z.object({ id: z.string(), displayName: z.string().nullable() }))
const pageSchema = z.object({ value: groupsSchema })

/**
 * `{administration, names}` → `{groups: [{id, name}]}`: the security groups of these names, and where there is none, those
 * whose names begin alike. Never all of the tenant's, of which there may be any number; and no other groups, which
 * cannot be let into an application, and which in most tenants everybody can make.
 */
export const findGroups: ProviderFunction = async (args, signal) => {
  const { administration, names } = groupsArgs.parse(args)
  const graph = await openGraph(administration, signal)
  const search = (filter: string) =>
    `/groups?$filter=${encodeURIComponent(`${filter} and securityEnabled eq true`)}&$select=id,displayName`
  const called = (found: unknown) =>
    understand(groupsSchema, found, `${graph.url}/groups`).map(({ id, displayName }) => ({
      id,
      name: displayName ?? '',
    }))
  const found = await Promise.all(
    names.map(async (name) => {
      const exact = called((await graph.list(search(`displayName eq ${quote(name)}`))) ?? [])
      if (exact.some((group) => group.name === name)) return exact
      const alike = search(`startswith(displayName,${quote(name.slice(0, PREFIX_LENGTH))})`)
      const page = await graph.read(`${alike}&$top=${MAX_ALIKE}`)
      return called(understand(pageSchema, page, `${graph.url}/groups`).value)
    }),
  )
  const byId = new Map(found.flat().map((group) => [group.id, group]))
  return { groups: [...byId.values()] }
}

const rolesArgs = z.object({ administration: administrationSchema, clientId: z.guid(), roles: z.array(z.string()) })
const resourceSchema = z.object({
  id: z.guid(),
  appRoles: z.array(z.object({ id: z.guid(), value: z.string().nullable() })),
})

/**
 * `{administration, clientId, roles}` → `{objectId, roleIds}`: an application as this tenant has it, and the ids of its
 * roles, by name.
 */
export const getAppRoles: ProviderFunction = async (args, signal) => {
  const { administration, clientId, roles } = rolesArgs.parse(args)
  const graph = await openGraph(administration, signal)
  const filter = encodeURIComponent(`appId eq ${quote(clientId)}`)
  const listed = (await graph.list(`/servicePrincipals?$filter=${filter}&$select=id,appRoles`)) ?? []
  const [resource] = understand(z.array(resourceSchema), listed, `${graph.url}/servicePrincipals`)
  const ids = roles.map((role) => [role, resource?.appRoles.find(({ value }) => value === role)?.id] as const)
  const missing = ids.filter(([, id]) => id === undefined).map(([role]) => role)
  if (!resource || missing.length > 0) {
    const what = resource
      ? `application ${clientId} has no role ${missing.join(', ')}`
      : `there is no application ${clientId}`
    throw new ProviderError('vendor_refused', `In tenant ${administration.tenantId} ${what}`)
  }
  return { objectId: resource.id, roleIds: Object.fromEntries(ids) as Record<string, string> }
}

/** A text in a filter (OData 4.01 ABNF, `string`). */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
