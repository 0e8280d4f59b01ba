import { nearest } from '../../runtime/policy/index.ts'
import { StackConfigError } from '../config/index.ts'
import type { AccessGroups } from './access-groups.ts'

/** A group as a vendor lists it. */
export interface Group {
  id: string
  name: string
}

/**
 * Finds groups by their names.
 * @param wanted names, and where the stack file has them
 * @param known every group of the tenant
 * @returns ids in the order of the wanted names
 * @throws StackConfigError with every name that is unknown (and the near one), or that several groups have
 */
export function resolveGroups(wanted: AccessGroups, known: readonly Group[]): string[] {
  const names = [...new Set(known.map(({ name }) => name))]
  const resolved = wanted.names.map((name, index) => {
    const ids = known.filter((group) => group.name === name).map(({ id }) => id)
    return { ids, path: `${wanted.path}[${index}]`, message: complaint(name, ids.length, names) }
  })
  const problems = resolved.filter(({ ids }) => ids.length !== 1)
  if (problems.length > 0) throw new StackConfigError(problems.map(({ path, message }) => ({ path, message })))
  return resolved.flatMap(({ ids }) => ids)
}

function complaint(name: string, count: number, names: readonly string[]): string {
  if (count > 1) return `${count} groups are called ${JSON.stringify(name)}: give the one that is meant another name`
  const close = nearest(name, names)
  return `the provider has no group ${JSON.stringify(name)}${close ? `; did you mean ${JSON.stringify(close)}?` : ''}`
}
