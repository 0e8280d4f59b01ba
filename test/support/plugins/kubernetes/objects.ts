import { setTimeout as delay } from 'node:timers/promises'

import { InitializationFailure } from '../../../../infra/provider/errors.ts'
import { containsUnknown, type Properties } from '../../../../infra/provider/properties.ts'
import { type Api, NoSuchKind, Refused } from './api.ts'
import { checkpoint, openCheckpoint } from './checkpoint.ts'
import type { Configuration } from './configuration.ts'
import { annotation, describe, idOf, isAnnotated, mapsAt, textAt, withMetadata } from './manifest.ts'
import { fieldManager } from './naming.ts'
import { normalize, prune } from './normalize.ts'
import { lacksNow, waitUntilGone, waitUntilReady } from './readiness/index.ts'

/** Who creates; the first apply takes its fields over. */
const CREATOR = 'pulumi-kubernetes'
const FORMER_MANAGERS = new Set([CREATOR, 'pulumi-resource-kubernetes'])
const RETRIES = 5

/** What a verb works with. */
export interface Bench {
  api: Api
  configuration: Configuration
  signal: AbortSignal
}

/** An object that was made, or would be. */
export interface Made {
  id: string
  outputs: Properties
}

/**
 * What would be made: asked of the API server where that is possible, else the inputs.
 * @throws Refused where the API server would not take it
 */
export async function previewCreation({ api, signal }: Bench, inputs: Properties): Promise<Made> {
  const manager = fieldManager({}, inputs)
  const asIs = { id: '', outputs: inputs }
  if (containsUnknown(inputs)) return asIs
  try {
    const live = await api.create(inputs, CREATOR, { dryRun: true, signal })
    return { id: '', outputs: checkpoint(inputs, live, manager) }
  } catch (error) {
    // Its namespace or its kind comes to be by the same deployment, or it is about to be replaced.
    if (error instanceof NoSuchKind) return asIs
    if (error instanceof Refused && ['AlreadyExists', 'Forbidden', 'NotFound'].includes(error.reason)) return asIs
    throw error
  }
}

/**
 * Makes an object and waits until it does its work.
 * @throws Refused; InitializationFailure when it was made and does not become ready
 */
export async function createObject(bench: Bench, inputs: Properties): Promise<Made> {
  const { api, signal } = bench
  const manager = fieldManager({}, inputs)
  const made = await createWithPatience(bench, inputs)
  return settle(bench, inputs, made, manager, () => waitUntilReady({ api, object: made, signal }))
}

/** A namespace or a kind that somebody else is making may come a moment later. */
async function createWithPatience({ api, signal }: Bench, inputs: Properties): Promise<Properties> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await api.create(inputs, CREATOR, { dryRun: false, signal })
    } catch (error) {
      const mayCome = error instanceof NoSuchKind || (error instanceof Refused && error.status === 404)
      if (!mayCome || attempt === RETRIES) throw explained(error, inputs)
      await delay(250 * 2 ** attempt, undefined, { signal })
    }
  }
}

/** @throws Refused where the API server would not take the change */
export async function previewUpdate(bench: Bench, state: Properties, inputs: Properties): Promise<Properties> {
  if (containsUnknown(inputs)) return inputs
  const { api, signal, configuration } = bench
  const manager = fieldManager(state, inputs)
  const live = await api.get(openCheckpoint(state).live, signal)
  const isNew = live !== 'missing' && managers(live).some((name) => FORMER_MANAGERS.has(name))
  const force = configuration.patchForce || isNew || isAnnotated(inputs, 'patchForce')
  try {
    return checkpoint(inputs, await api.apply(normalize(inputs), manager, { dryRun: true, signal, force }), manager)
  } catch (error) {
    if (error instanceof NoSuchKind) return inputs
    throw explained(error, inputs)
  }
}

/**
 * Applies the inputs and waits until the object does its work again.
 * @throws Refused; InitializationFailure when it was changed and does not become ready
 */
export async function updateObject(bench: Bench, state: Properties, inputs: Properties): Promise<Properties> {
  const { api, signal, configuration } = bench
  const manager = fieldManager(state, inputs)
  const former = await api.get(openCheckpoint(state).live, signal)
  if (former === 'missing') throw new Error(`${describe(inputs)} is gone from the cluster: refresh, and deploy again`)
  await takeOver(bench, former, manager)
  const force = configuration.patchForce || isAnnotated(inputs, 'patchForce')
  const changed = await api
    .apply(normalize(inputs), manager, { dryRun: false, signal, force })
    .catch((error: unknown) => Promise.reject(explained(error, inputs)))
  const wait = (): Promise<void> => waitUntilReady({ api, object: changed, former, signal })
  return (await settle(bench, inputs, changed, manager, wait)).outputs
}

/** What an apply no longer names goes away only if its manager had it: fields of the creation are made ours first. */
async function takeOver({ api, signal }: Bench, live: Properties, manager: string): Promise<void> {
  const entries = mapsAt(live, 'metadata', 'managedFields')
  const patch = entries.flatMap((entry, index) =>
    FORMER_MANAGERS.has(textAt(entry, 'manager')) &&
    textAt(entry, 'operation') === 'Update' &&
    !textAt(entry, 'subresource')
      ? [
          { op: 'replace', path: `/metadata/managedFields/${index}/manager`, value: manager },
          { op: 'replace', path: `/metadata/managedFields/${index}/operation`, value: 'Apply' },
        ]
      : [],
  )
  if (patch.length > 0) await api.patchJson(live, patch, signal)
}

function managers(live: Properties): string[] {
  return mapsAt(live, 'metadata', 'managedFields').map((entry) => textAt(entry, 'manager'))
}

/** The state has what was made even when it never becomes ready. */
async function settle(
  { api, signal }: Bench,
  inputs: Properties,
  made: Properties,
  manager: string,
  wait: () => Promise<void>,
): Promise<Made> {
  const id = idOf(made)
  try {
    await wait()
  } catch (error) {
    throw new InitializationFailure(id, checkpoint(inputs, made, manager), error)
  }
  const live = await api.get(made, signal)
  return { id, outputs: checkpoint(inputs, live === 'missing' ? made : live, manager) }
}

/**
 * Reads an object as it is now; what the inputs say of it shows what was changed by hand.
 * @param inputs of the state; empty where the object is imported
 * @throws InitializationFailure when it is there and does not do its work
 */
export async function readObject(
  { api, signal }: Bench,
  object: Properties,
  state: Properties,
  inputs: Properties,
): Promise<{ inputs: Properties; outputs: Properties } | 'gone'> {
  const live = await api.get(object, signal)
  if (live === 'missing') return 'gone'
  const isImport = Object.keys(inputs).length === 0
  const found = isImport ? importedInputs(live) : prune(live, normalize(inputs))
  const outputs = checkpoint(found, live, fieldManager(state, found))
  const lacks = isImport ? [] : await lacksNow({ api, object: live, signal })
  if (lacks.length > 0) {
    throw new InitializationFailure(
      idOf(live),
      outputs,
      new Error(`${describe(live)} is not ready: ${lacks.join('; ')}`),
    )
  }
  return { inputs: found, outputs }
}

/** All of a live object that somebody may have written. */
function importedInputs(live: Properties): Properties {
  return Object.fromEntries(Object.entries(normalize(live)).filter(([name]) => name !== 'status'))
}

/** Deletes an object and what hangs on it, and waits until all of it is gone. */
export async function deleteObject({ api, signal }: Bench, state: Properties): Promise<void> {
  const { live, inputs } = openCheckpoint(state)
  const policies: Readonly<Record<string, string>> = { orphan: 'Orphan', background: 'Background' }
  const policy = policies[annotation(inputs, 'deletionPropagationPolicy').toLowerCase()] ?? 'Foreground'
  await api.delete(live, policy, signal)
  await waitUntilGone({ api, object: live, signal })
}

/** The object of an id, of the kind that the state or the inputs have. */
export function objectOf(id: string, kind: Properties): Properties {
  const [name = '', namespace] = id.split('/').toReversed()
  const { apiVersion = '', kind: named = '' } = kind
  return withMetadata({ apiVersion, kind: named }, { name, ...(namespace ? { namespace } : {}) })
}

function explained(error: unknown, inputs: Properties): unknown {
  if (!(error instanceof Refused)) return error
  const advice: Readonly<Record<string, string>> = {
    AlreadyExists: 'it is there and not in the state: import it, or remove it',
    Conflict: 'another field manager owns what this would change: the annotation pulumi.com/patchForce takes it over',
  }
  const hint = advice[error.reason]
  return new Refused(error.status, error.reason, `${describe(inputs)}: ${error.message}${hint ? ` (${hint})` : ''}`)
}
