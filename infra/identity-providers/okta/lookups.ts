import type * as okta from '@pulumi/okta'
import type * as pulumi from '@pulumi/pulumi'

import { StackConfigError } from '../../config/index.ts'
import type { AccessGroups } from '../access-groups.ts'
import { type Group, resolveGroups } from '../groups.ts'

/** With what the tenant is asked. */
export interface Tenant {
  /** Key in the stack file. */
  id: string
  sdk: typeof okta
  options: pulumi.InvokeOptions
}

/**
 * Finds the app that is called exactly so and bears the stack's mark.
 * @returns its id; undefined when there is none, or the mark is yet to be made
 * @throws StackConfigError when there are several
 */
export async function findApp(
  { id, sdk, options }: Tenant,
  label: string,
  adminNote: unknown,
): Promise<string | undefined> {
  if (typeof adminNote !== 'string') return undefined
  const { apps } = await sdk.getApps({ q: label }, options)
  return onlyApp(id, { label, adminNote }, apps)
}

/** Pure part of {@link findApp}: Okta's search finds every app whose name begins like this. */
export function onlyApp(
  providerId: string,
  { label, adminNote }: { label: string; adminNote: string },
  apps: readonly { id: string; label: string; adminNote: string }[],
): string | undefined {
  const own = apps.filter((app) => app.label === label && app.adminNote === adminNote)
  const [first, ...more] = own.map((app) => app.id)
  if (first === undefined || more.length === 0) return first
  const path = `gatewright:identityProviders.${providerId}`
  const message = `several apps at Okta are called ${JSON.stringify(label)} (${[first, ...more].join(', ')}): delete there what nobody uses, so that one is left`
  throw new StackConfigError([{ path, message }])
}

/**
 * Finds groups by their names. The whole list, which may be long, is fetched only when one of them is not found.
 * @returns ids in the order of the names
 * @throws StackConfigError for names that no group or several groups have
 */
export async function findGroups({ sdk, options }: Tenant, wanted: AccessGroups): Promise<string[]> {
  const { names } = wanted
  const found = await Promise.all(names.map((q) => sdk.getGroups({ q }, options)))
  const groups = distinct(found.flatMap((result) => result.groups))
  const isComplete = names.every((name) => groups.some((group) => group.name === name))
  return resolveGroups(wanted, isComplete ? groups : (await sdk.getGroups({}, options)).groups)
}

/** One name may be the beginning of another, so that both searches find the same group. */
function distinct(groups: readonly Group[]): Group[] {
  return [...new Map(groups.map((group) => [group.id, group])).values()]
}
