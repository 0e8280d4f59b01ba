import type * as pulumi from '@pulumi/pulumi'

import { ProcessTarget } from './process.ts'
import type { TargetArgs } from './target-args.ts'

/** Runs the gateway where the stack file says. */
export function createTarget(name: string, args: TargetArgs, parent: pulumi.Resource): pulumi.ComponentResource {
  return new ProcessTarget(name, args, { parent })
}
