import type { Answered } from '../server.ts'
import { conflict, failure, invalidBody, notFound } from './answers.ts'
import type { Call, Endpoint } from './management.ts'
import { type Action, type Binding, newId, type Tenant } from './tenant.ts'

/** How many Actions one flow runs at most. @see https://auth0.com/docs/customize/actions/limitations */
const MAX_BOUND = 20
const runtimes = ['node12', 'node16', 'node18', 'node22']
const triggers = ['post-login', 'credentials-exchange', 'pre-user-registration']

/** Actions and what runs them. @see https://auth0.com/docs/api/management/v2/actions */
export const actionEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: /^actions\/actions$/, scope: 'read:actions', answer: list },
  { method: 'POST', path: /^actions\/actions$/, scope: 'create:actions', answer: create },
  { method: 'GET', path: /^actions\/actions\/([^/]+)$/, scope: 'read:actions', answer: read },
  { method: 'PATCH', path: /^actions\/actions\/([^/]+)$/, scope: 'update:actions', answer: update },
  { method: 'DELETE', path: /^actions\/actions\/([^/]+)$/, scope: 'delete:actions', answer: remove },
  { method: 'POST', path: /^actions\/actions\/([^/]+)\/deploy$/, scope: 'create:actions', answer: deploy },
  { method: 'GET', path: /^actions\/triggers\/([^/]+)\/bindings$/, scope: 'read:actions', answer: readBindings },
  { method: 'PATCH', path: /^actions\/triggers\/([^/]+)\/bindings$/, scope: 'update:actions', answer: bind },
]

/** The filter takes whole names only. */
function list({ tenant, query }: Call): Answered {
  const name = query.get('actionName')
  const actions = [...tenant.actions.values()].filter((action) => name === null || action.name === name)
  return { body: { actions: actions.map(shown), total: actions.length, page: 0, per_page: 20 } }
}

function create({ tenant, body }: Call): Answered {
  const { name, supported_triggers: supported, code = '', runtime = 'node22' } = body
  if (typeof name !== 'string' || name === '') return invalidBody(`'Missing required property: name'`)
  if (!isTriggers(supported)) return invalidBody(`'supported_triggers is not valid'`)
  if (typeof code !== 'string') return invalidBody(`'code is not valid'`)
  if (typeof runtime !== 'string' || !runtimes.includes(runtime)) return invalidBody(`'runtime is not valid'`)
  const action: Action = {
    id: newId(),
    name,
    code,
    runtime,
    supported_triggers: supported,
    status: 'pending',
  }
  tenant.actions.set(action.id, action)
  return { status: 201, body: shown(action) }
}

function read({ tenant, id }: Call): Answered {
  const action = tenant.actions.get(id)
  if (!action) return missing()
  const body = shown(action)
  action.status = 'built'
  return { body }
}

function update({ tenant, id, body }: Call): Answered {
  const action = tenant.actions.get(id)
  if (!action) return missing()
  if (typeof body['name'] === 'string') action.name = body['name']
  if (typeof body['code'] === 'string') action.code = body['code']
  action.status = 'pending'
  return { body: shown(action) }
}

function remove({ tenant, id }: Call): Answered {
  const bound = [...tenant.bindings.values()].flat().some(({ actionId }) => actionId === id)
  if (bound) return conflict('The action is bound to a trigger.')
  tenant.actions.delete(id)
  return { status: 204 }
}

function deploy({ tenant, id }: Call): Answered {
  const action = tenant.actions.get(id)
  if (!action) return missing()
  if (action.status !== 'built') return failure(400, 'Bad Request', 'A draft must be in the built state.')
  action.deployed = { id: newId(), code: action.code, number: (action.deployed?.number ?? 0) + 1 }
  return { status: 202, body: { ...action.deployed, deployed: false, action: { id } } }
}

function readBindings({ tenant, id: trigger, query }: Call): Answered {
  if (!triggers.includes(trigger)) return notFound('That trigger does not exist.')
  const all = tenant.bindings.get(trigger) ?? []
  const [number, size] = [Number(query.get('page') ?? 0), Number(query.get('per_page') ?? 50)]
  const bindings = all.slice(number * size, (number + 1) * size)
  return { body: { bindings: bindings.map(showing(tenant)), total: all.length, page: number, per_page: size } }
}

/** Takes the whole list: who leaves a binding out of it has removed it. */
function bind({ tenant, id: trigger, body }: Call): Answered {
  if (!triggers.includes(trigger)) return notFound('That trigger does not exist.')
  const { bindings } = body
  if (!Array.isArray(bindings) || bindings.length > MAX_BOUND) return invalidBody(`'bindings is not valid'`)
  const wanted: Binding[] = []
  for (const { ref, display_name: displayName } of bindings as BindingBody[]) {
    const action = ref?.type === 'action_id' ? tenant.actions.get(String(ref.value)) : undefined
    if (!action) return missing()
    if (!action.deployed) return failure(400, 'Bad Request', 'An action must be deployed before it can be bound.')
    wanted.push({ id: newId(), actionId: action.id, displayName: displayName ?? action.name })
  }
  tenant.bindings.set(trigger, wanted)
  return { body: { bindings: wanted.map(showing(tenant)) } }
}

interface BindingBody {
  ref?: { type?: string; value?: string }
  display_name?: string
}

function shown(action: Action): Record<string, unknown> {
  const { deployed, ...draft } = action
  const changes = { all_changes_deployed: deployed?.code === action.code }
  return deployed
    ? { ...draft, ...changes, deployed_version: { ...deployed, deployed: true, runtime: action.runtime } }
    : { ...draft, ...changes }
}

function showing(tenant: Tenant): (binding: Binding) => Record<string, unknown> {
  return ({ id, actionId, displayName }) => {
    const action = tenant.actions.get(actionId)
    return { id, display_name: displayName, action: { id: actionId, name: action?.name } }
  }
}

function isTriggers(value: unknown): value is Action['supported_triggers'] {
  return Array.isArray(value) && value.length === 1 && triggers.includes(String((value[0] as { id?: unknown }).id))
}

function missing(): Answered {
  return notFound('That action does not exist.')
}
