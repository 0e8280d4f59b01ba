import * as pulumi from '@pulumi/pulumi'

import type { ProcessInputs, ProcessState } from '../local/index.ts'
import { outputsOnly, type Args } from './args.ts'

export type ProcessArgs = Omit<Args<ProcessInputs>, 'config' | 'running'> & {
  /** Becomes config.json; outputs may stand in it at any depth. */
  config: pulumi.Input<object>
}

type Output<Name extends keyof ProcessState> = pulumi.Output<ProcessState[Name]>

/**
 * A program on this machine that outlives the deployment, and is updated without ever being replaced: see
 * docs/architecture.md, "A program and its folder".
 */
export class Process extends pulumi.CustomResource {
  declare readonly folder: Output<'folder'>
  /** Name of the release: a digest over config and secrets. */
  declare readonly generation: Output<'generation'>
  /** What was found last. */
  declare readonly running: Output<'running'>

  /**
   * @param name by which the stack knows it
   * @param args what to run, and with what; every value of `secrets` becomes a secret by itself
   */
  constructor(name: string, args: ProcessArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, secrets: markEach(args.secrets), ...outputsOnly('generation', 'running') }
    super('gatewright-native:local:Process', name, inputs, options)
  }
}

/** One by one, so that a preview can name the secret that changes; a map that is not known yet is secret as a whole. */
function markEach(secrets: ProcessArgs['secrets']): pulumi.Input<Record<string, pulumi.Input<string>>> {
  if (pulumi.Output.isInstance(secrets) || secrets instanceof Promise) return pulumi.secret(secrets)
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, pulumi.secret(value)]))
}
