import type * as pulumi from '@pulumi/pulumi'

import { KubernetesTarget } from './kubernetes/index.ts'
import { ProcessTarget } from './process.ts'
import { SystemdTarget } from './systemd.ts'
import type { TargetArgs } from './target-args.ts'

/**
 * Runs the gateway where the stack file says.
 * @returns nothing where it says that nothing runs
 */
export function createTarget(
  name: string,
  args: TargetArgs,
  parent: pulumi.Resource,
): pulumi.ComponentResource | undefined {
  const settings = args.stack.target
  switch (settings.kind) {
    case 'process':
      if (settings.systemd) {
        return new SystemdTarget(name, { ...args, settings: { ...settings, systemd: settings.systemd } }, { parent })
      }
      return new ProcessTarget(name, { ...args, settings }, { parent })
    case 'kubernetes':
      return new KubernetesTarget(name, { ...args, settings }, { parent })
    case 'none':
      return undefined
  }
}
