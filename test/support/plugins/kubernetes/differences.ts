import {
  isProperties,
  type Properties,
  type PropertyPath,
  type PropertyValue,
} from '../../../../infra/provider/properties.ts'
import type { PropertyChange } from '../../../../infra/provider/property-diff.ts'
import { kindOf } from './manifest.ts'
import { isConfigMap, isEmpty, isSameQuantity, isSecret } from './normalize.ts'

/** What the provider was told about objects that may change in place. */
export interface Mutability {
  configMaps: boolean
  secrets: boolean
}

/**
 * Where a change needs another object, of the kinds that programs deploy. (The official plugin's list also has those of
 * pods, jobs and volumes.)
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'apps/v1/DaemonSet': ['spec.selector'],
  'apps/v1/Deployment': ['spec.selector'],
  'apps/v1/StatefulSet': [
    'spec.podManagementPolicy',
    'spec.revisionHistoryLimit',
    'spec.selector',
    'spec.serviceName',
    'spec.volumeClaimTemplates',
  ],
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': ['roleRef'],
  'rbac.authorization.k8s.io/v1/RoleBinding': ['roleRef'],
  'storage.k8s.io/v1/StorageClass': ['parameters', 'provisioner'],
  'v1/PersistentVolumeClaim': ['spec.accessModes', 'spec.selector', 'spec.storageClassName', 'spec.volumeName'],
  'v1/Secret': ['type'],
  'v1/Service': ['spec.clusterIP'],
}

/**
 * Compares what is live, pruned to the former inputs, with the program's inputs.
 * @param live pruned to the former inputs; all three normalised
 * @param former inputs: an empty value that the API server took and does not give back is no difference
 * @returns one entry for each field that an apply would change
 */
export function differences(
  live: Properties,
  former: Properties,
  inputs: Properties,
  mutability: Mutability,
): PropertyChange[] {
  const replacing = replacingFields(inputs, mutability)
  return compare({ live, former, wanted: inputs }, []).map((change) => ({
    ...change,
    replaces: isReplacing(change.path, replacing) || (change.kind === 'delete' && change.path.join('.') === 'metadata'),
  }))
}

function replacingFields(inputs: Properties, { configMaps, secrets }: Mutability): string[] {
  const fields = ['metadata.name', 'metadata.namespace', ...(REPLACING[kindOf(inputs)] ?? [])]
  const immutable = inputs['immutable'] === true
  if (isSecret(inputs) && (immutable || !secrets)) fields.push('type', 'stringData', 'data')
  if (isConfigMap(inputs) && (immutable || !configMaps)) fields.push('binaryData', 'data')
  return fields
}

function isReplacing(path: PropertyPath, fields: readonly string[]): boolean {
  const text = path.join('.')
  return fields.some((field) => text === field || text.startsWith(`${field}.`))
}

type Difference = Omit<PropertyChange, 'replaces'>
type Side = PropertyValue | undefined
interface Sides {
  live: Side
  former: Side
  wanted: Side
}

function compare({ live, former, wanted }: Sides, path: PropertyPath): Difference[] {
  if (live === wanted) return []
  if (live === undefined)
    return isEmpty(wanted) && isEmpty(former) && former !== undefined ? [] : [{ path, kind: 'add' }]
  if (wanted === undefined) return [{ path, kind: 'delete' }]
  const bothLists = Array.isArray(live) && Array.isArray(wanted)
  if (bothLists || (isProperties(live) && isProperties(wanted))) {
    const keys = new Set([...Object.keys(live), ...Object.keys(wanted)])
    return [...keys].flatMap((key) => {
      const sides = { live: at(live, key), former: at(former, key), wanted: at(wanted, key) }
      return compare(sides, [...path, bothLists ? Number(key) : key])
    })
  }
  if (isAmount(path) && isSameQuantity(live, wanted)) return []
  return [{ path, kind: 'update' }]
}

function at(value: Side, key: string): Side {
  return typeof value === 'object' && value !== null ? (value as Properties)[key] : undefined
}

function isAmount(path: PropertyPath): boolean {
  return path.includes('limits') || path.includes('requests') || path.at(-1) === 'sizeLimit'
}
