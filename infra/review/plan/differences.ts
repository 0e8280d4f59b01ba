import { isDeepStrictEqual } from 'node:util'

import { SIGNATURE_KEY, UNKNOWN } from '../../provider/properties.ts'
import { formatPath } from '../../provider/property-diff.ts'

/** One thing that is otherwise after than before. Values are texts, already free of secrets. */
export type Difference =
  | { path: string; kind: 'added' | 'removed'; value: string }
  | { path: string; kind: 'changed'; before: string; after: string }
  /** It is not shown what it was or becomes. */
  | { path: string; kind: 'secret' }

/**
 * Compares two sets of properties for a reader: lists as sets (a vendor's order means nothing), maps key by key.
 * @param changed paths as the engine writes them; the only word on whether a secret differs
 */
export function differences(before: object, after: object, changed: ReadonlySet<string>): Difference[] {
  return compare(before, after, [], changed)
}

function compare(
  before: unknown,
  after: unknown,
  path: readonly (string | number)[],
  changed: ReadonlySet<string>,
): Difference[] {
  const name = formatPath(path)
  if (isSecret(before) || isSecret(after)) {
    const isNew = before === undefined || after === undefined
    return isNew || changed.has(name) ? [{ path: name, kind: 'secret' }] : []
  }
  // First, because a secret that differs looks the same.
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => compare(before[key], after[key], [...path, key], changed))
  }
  if (isDeepStrictEqual(before, after)) return []
  if (isScalarList(before) && isScalarList(after)) {
    return [
      ...after.filter((item) => !before.includes(item)).map((item) => added(name, item)),
      ...before.filter((item) => !after.includes(item)).map((item) => removed(name, item)),
    ]
  }
  if (before === undefined) return isScalarList(after) ? after.map((item) => added(name, item)) : [added(name, after)]
  if (after === undefined)
    return isScalarList(before) ? before.map((item) => removed(name, item)) : [removed(name, before)]
  return [{ path: name, kind: 'changed', before: shown(before), after: shown(after) }]
}

function added(path: string, value: unknown): Difference {
  return { path, kind: 'added', value: shown(value) }
}

function removed(path: string, value: unknown): Difference {
  return { path, kind: 'removed', value: shown(value) }
}

function isSecret(value: unknown): boolean {
  return isMap(value) && SIGNATURE_KEY in value
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isScalarList(value: unknown): value is (string | number | boolean)[] {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object')
}

/** In one line, and never what stands within secrets. */
function shown(value: unknown): string {
  if (value === UNKNOWN) return '(known after the deployment)'
  if (typeof value === 'string') return value
  return JSON.stringify(value, (_key, part: unknown) => (isSecret(part) ? '[secret]' : part === UNKNOWN ? '…' : part))
}
