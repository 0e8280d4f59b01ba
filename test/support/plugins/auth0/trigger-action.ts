import type { Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import type { Management } from './management.ts'
import { required, text } from './inputs.ts'

interface Bound {
  actionId: string
  displayName: string
}

/** `auth0:index/triggerAction:TriggerAction`: one entry of a list that the API takes as a whole; the others stay. */
export function triggerActionType(management: Management): ResourceType {
  const pathOf = (trigger: string): string => `actions/triggers/${trigger}/bindings`

  async function bound(trigger: string, signal: AbortSignal): Promise<Bound[]> {
    const { bindings } = await management.ask('GET', pathOf(trigger), signal)
    return (bindings as Properties[]).map((binding) => ({
      actionId: text(binding['action'] as Properties, 'id'),
      displayName: text(binding, 'display_name'),
    }))
  }

  async function rebind(trigger: string, wanted: readonly Bound[], signal: AbortSignal): Promise<void> {
    const bindings = wanted.map(({ actionId, displayName }) => ({
      ref: { type: 'action_id', value: actionId },
      display_name: displayName,
    }))
    await management.ask('PATCH', pathOf(trigger), signal, { bindings })
  }

  return {
    secrets: [],
    stableOutputs: ['actionId', 'trigger'],
    check: (inputs) => ({ inputs, failures: required(inputs, 'actionId', 'trigger', 'displayName') }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['actionId', 'trigger'], unordered: [] }),
    plan: (inputs) => inputs,
    async create({ signal }, inputs) {
      const trigger = text(inputs, 'trigger')
      const mine = { actionId: text(inputs, 'actionId'), displayName: text(inputs, 'displayName') }
      const present = await bound(trigger, signal)
      if (!present.some(({ actionId }) => actionId === mine.actionId)) {
        await rebind(trigger, [...present, mine], signal)
      }
      return { id: `${trigger}::${mine.actionId}`, outputs: inputs }
    },
    async read({ signal }, id) {
      const [trigger = '', actionId = ''] = id.split('::')
      const found = (await bound(trigger, signal)).find((binding) => binding.actionId === actionId)
      if (!found) return 'gone'
      const present = { trigger, ...found }
      return { inputs: present, outputs: present }
    },
    async update({ signal }, _id, _state, inputs) {
      const trigger = text(inputs, 'trigger')
      const displayName = text(inputs, 'displayName')
      const renamed = (await bound(trigger, signal)).map((binding) =>
        binding.actionId === inputs['actionId'] ? { ...binding, displayName } : binding,
      )
      await rebind(trigger, renamed, signal)
      return inputs
    },
    async delete({ signal }, state) {
      const trigger = text(state, 'trigger')
      const others = (await bound(trigger, signal)).filter((binding) => binding.actionId !== state['actionId'])
      await rebind(trigger, others, signal)
    },
  }
}
