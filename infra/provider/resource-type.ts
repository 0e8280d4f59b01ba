import type { z } from 'zod'

import { UNKNOWN, type Properties, type PropertyPath, type PropertyValue } from './properties.ts'
import type { PropertyChange } from './property-diff.ts'

/** What accompanies every call of the engine. */
export interface Call {
  urn: string
  /** The last part of the URN. */
  name: string
  /** Aborted when the custom timeout of the resource is over, or the engine cancels. */
  signal: AbortSignal
}

export interface CheckFailure {
  property: string
  reason: string
}

/** A resource as it stands outside. `inputs` are what the program would have to say to get it: a drift shows there. */
export interface Found {
  inputs: Properties
  outputs: Properties
}

export interface DiffRequest {
  urn: string
  /** Outputs of the state. */
  state: Properties
  /** Inputs of the state. */
  oldInputs: Properties
  newInputs: Properties
}

/**
 * A kind of resource. All verbs are required: a missing one would mean "everything is right", "nothing has drifted" or
 * "nothing to do", which nobody should get by forgetting.
 */
export interface ResourceType {
  /** Inputs and outputs that are secret even where the program did not say so. */
  secrets: readonly PropertyPath[]
  /** Outputs that no update in place changes: what hangs on them stays known in previews. */
  stableOutputs: readonly string[]
  /** Checks the program's inputs, skips what is not yet known, and gives all failures at once. */
  check(inputs: Properties): { inputs: Properties; failures: CheckFailure[] }
  diff(request: DiffRequest): Promise<PropertyChange[]>
  /** Outputs of a previewed create (no state) or update: pure, unknown where only the real thing can tell. */
  plan(inputs: Properties, state: Properties | undefined): Properties
  /** @throws ProviderError, or InitializationFailure when something was made before the failure */
  create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }>
  /** Says `gone` only when the resource is known not to exist. */
  read(call: Call, id: string, state: Properties, inputs: Properties): Promise<Found | 'gone'>
  /** @throws ProviderError, or InitializationFailure when something was changed before the failure */
  update(call: Call, id: string, state: Properties, inputs: Properties): Promise<Properties>
  /** What is already gone counts as deleted. */
  delete(call: Call, state: Properties): Promise<void>
}

/**
 * A question that a program asks while it is planned, in previews too.
 * @throws ProviderError
 */
export type ProviderFunction = (args: Properties, signal: AbortSignal) => Promise<Properties>

/**
 * Holds inputs against a schema.
 * @returns every failure, except where the value is not yet known
 */
export function checkInputs(schema: z.ZodType, inputs: Properties): CheckFailure[] {
  const result = schema.safeParse(inputs)
  if (result.success) return []
  return result.error.issues
    .filter((issue) => !isUnknownAt(inputs, issue.path))
    .map((issue) => ({ property: String(issue.path[0] ?? unrecognized(issue)), reason: reasonOf(issue) }))
}

function reasonOf(issue: z.core.$ZodIssue): string {
  const inner = issue.path.slice(1)
  return inner.length === 0 ? issue.message : `${inner.join('.')}: ${issue.message}`
}

function unrecognized(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : ''
}

function isUnknownAt(inputs: Properties, path: readonly PropertyKey[]): boolean {
  let value: PropertyValue | undefined = inputs
  for (const step of path) {
    if (value === UNKNOWN) return true
    if (typeof value !== 'object' || value === null) return false
    value = (value as Properties)[String(step)]
  }
  return value === UNKNOWN
}
