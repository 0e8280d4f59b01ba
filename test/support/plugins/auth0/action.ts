import { setTimeout as pause } from 'node:timers/promises'

import { UNKNOWN, type Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import type { Management } from './management.ts'
import { required, text } from './inputs.ts'

/** Between two looks at an Action that is being built. */
const POLL_MS = 50

/** `auth0:index/action:Action`; whether it was deployed, the API does not say in the plugin's words. */
export function actionType(management: Management): ResourceType {
  return {
    secrets: [],
    stableOutputs: ['actionId'],
    check: (inputs) => ({ inputs, failures: required(inputs, 'name', 'code', 'supportedTriggers') }),
    diff: async ({ oldInputs, newInputs }) => diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] }),
    plan: (inputs, state) => ({ ...inputs, versionId: UNKNOWN, actionId: state?.['actionId'] ?? UNKNOWN }),
    async create({ signal }, inputs) {
      const made = await management.ask('POST', 'actions/actions', signal, bodyOf(inputs))
      const id = text(made, 'id')
      return { id, outputs: { ...inputs, actionId: id, versionId: await deploy(management, id, inputs, signal) } }
    },
    async read({ signal }, id, state, inputs) {
      const found = await management.find(`actions/actions/${id}`, signal)
      if (found === 'gone') return 'gone'
      const [trigger] = found['supported_triggers'] as Properties[]
      const present: Properties = {
        name: found['name'] ?? '',
        code: found['code'] ?? '',
        runtime: found['runtime'] ?? '',
        supportedTriggers: trigger ?? {},
        ...(inputs['deploy'] === undefined ? {} : { deploy: inputs['deploy'] }),
      }
      return { inputs: present, outputs: { ...state, ...present, actionId: id } }
    },
    async update({ signal }, id, _state, inputs) {
      await management.ask('PATCH', `actions/actions/${id}`, signal, bodyOf(inputs))
      return { ...inputs, actionId: id, versionId: await deploy(management, id, inputs, signal) }
    },
    async delete({ signal }, state) {
      await management.ask('DELETE', `actions/actions/${text(state, 'actionId')}`, signal)
    },
  }
}

function bodyOf({ name, code, runtime, supportedTriggers }: Properties): object {
  return { name, code, runtime, supported_triggers: [supportedTriggers] }
}

async function deploy(management: Management, id: string, inputs: Properties, signal: AbortSignal): Promise<string> {
  if (inputs['deploy'] !== true) return ''
  for (;;) {
    const { status } = await management.ask('GET', `actions/actions/${id}`, signal)
    if (status === 'built') break
    await pause(POLL_MS, undefined, { signal })
  }
  const version = await management.ask('POST', `actions/actions/${id}/deploy`, signal)
  return text(version, 'id')
}
