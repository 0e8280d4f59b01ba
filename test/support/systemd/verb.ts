// node verb.ts: does to a service what each line on stdin says, on whatever machine this runs, and says on stdout what came of it.
import { createInterface } from 'node:readline'
import { ProviderError } from '../../../infra/provider/errors.ts'
import type { Properties } from '../../../infra/provider/properties.ts'
import { serviceType } from '../../../infra/provider/systemd/index.ts'

/** One verb of the service, with what the engine would give it. */
export interface Task {
  verb: 'create' | 'diff' | 'read' | 'update' | 'delete'
  inputs: Properties
  state: Properties
  oldInputs: Properties
}

/** What came of it. */
export interface Outcome {
  result?: unknown
  code?: string
  message?: string
  /** What the state is told of something half made. */
  outputs?: Properties
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await outcomeOf(JSON.parse(line) as Task))}\n`)
}

async function outcomeOf({ verb, inputs, state, oldInputs }: Task): Promise<Outcome> {
  const call = { urn: 'urn:service', name: 'gateway-service', signal: AbortSignal.timeout(60_000) }
  try {
    switch (verb) {
      case 'create':
        return { result: await serviceType.create(call, inputs) }
      case 'diff':
        return { result: await serviceType.diff({ urn: call.urn, state, oldInputs, newInputs: inputs }) }
      case 'read':
        return { result: await serviceType.read(call, 'gateway-service', state, oldInputs) }
      case 'update':
        return { result: await serviceType.update(call, 'gateway-service', state, inputs) }
      case 'delete':
        await serviceType.delete(call, state)
        return {}
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const cause = error.cause instanceof ProviderError ? error.cause : error
    const outputs = 'outputs' in error ? { outputs: error.outputs as Properties } : {}
    return { code: cause instanceof ProviderError ? cause.code : 'none', message: error.message, ...outputs }
  }
}
