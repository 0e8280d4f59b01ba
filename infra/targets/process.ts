import * as pulumi from '@pulumi/pulumi'

import type { ProcessSettings } from '../config/index.ts'
import { startProgram } from './program.ts'
import type { TargetArgs } from './target-args.ts'

interface ProcessTargetArgs extends TargetArgs {
  settings: ProcessSettings
}

/** The gateway as a process of this machine. */
export class ProcessTarget extends pulumi.ComponentResource {
  constructor(name: string, args: ProcessTargetArgs, options: pulumi.ComponentResourceOptions) {
    super('gatewright:target:Process', name, {}, options)
    const { listen, admin, workers } = args.settings
    startProgram(
      `${name}-program`,
      {
        folder: args.folders.gateway(name),
        folders: args.folders,
        program: 'gateway',
        config: { ...args.config },
        secrets: args.secrets,
        listen: [listen, admin],
        workers,
        readyUrl: `http://${admin.host}:${admin.port}/readyz`,
      },
      { parent: this },
    )
    this.registerOutputs()
  }
}
