import * as pulumi from '@pulumi/pulumi'

import type { ServiceInputs, ServiceState } from '../systemd/index.ts'
import { outputsOnly, type Args } from './args.ts'

export type ServiceArgs = Omit<Args<ServiceInputs>, 'config' | 'secrets' | 'running' | 'enabled'> & {
  /** Becomes config.json; outputs may stand in it at any depth. */
  config: pulumi.Input<object>
  /** By file name; each becomes a secret by itself. */
  secrets: Record<string, pulumi.Input<string>>
}

type Output<Name extends keyof ServiceState> = pulumi.Output<ServiceState[Name]>

/** A program that systemd runs on this machine: see docs/single-machine.md. */
export class Service extends pulumi.CustomResource {
  declare readonly unit: Output<'unit'>
  declare readonly folder: Output<'folder'>
  /** Name of the release: a digest over config and secrets. */
  declare readonly generation: Output<'generation'>
  /** What was found last. */
  declare readonly running: Output<'running'>

  /** @param name by which the stack knows it */
  constructor(name: string, args: ServiceArgs, options?: pulumi.CustomResourceOptions) {
    const secrets = Object.fromEntries(
      Object.entries(args.secrets).map(([file, value]) => [file, pulumi.secret(value)]),
    )
    const inputs = { ...args, secrets, ...outputsOnly('generation', 'running', 'enabled') }
    super('gatewright-native:systemd:Service', name, inputs, options)
  }
}
