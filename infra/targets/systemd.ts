import { join } from 'node:path'

import * as pulumi from '@pulumi/pulumi'

import type { ProcessSettings, SystemdSettings } from '../config/index.ts'
import { renderEnvironment, renderUnit, Service, SYSTEMD_PROGRAMS, unitName } from '../provider/index.ts'
import { type Bundle, bundleProgram } from './bundle.ts'
import { nodeFlags } from './node-flags.ts'
import type { TargetArgs } from './target-args.ts'

interface SystemdTargetArgs extends TargetArgs {
  settings: ProcessSettings & { systemd: SystemdSettings }
}

/** The gateway as a system service of this machine. It needs nothing of the project's folder once it is deployed. */
export class SystemdTarget extends pulumi.ComponentResource {
  constructor(name: string, args: SystemdTargetArgs, options: pulumi.ComponentResourceOptions) {
    super('gatewright:target:Systemd', name, {}, options)
    const { listen, admin, systemd } = args.settings
    const stack = pulumi.getStack()
    const folder = join(args.folders.machine, name)
    const programs = join(SYSTEMD_PROGRAMS, stack, name)
    const bundle = pulumi.output(bundleProgram('gateway', args.folders.bundles))
    new Service(
      `${name}-service`,
      {
        unit: unitName(stack, name),
        user: systemd.user,
        folder,
        programs,
        executables: bundle.apply(({ file, digest }) => ({ [NODE]: process.execPath, [executableName(digest)]: file })),
        unitFile: bundle.apply((built) => unitFileOf(name, args.settings, built, { folder, programs })),
        environmentFile: renderEnvironment(systemd.environment),
        config: { ...args.config },
        secrets: args.secrets,
        listen: [listen, admin].map(({ host, port }) => `${host}:${port}`),
        readyUrl: `http://${admin.host}:${admin.port}/readyz`,
      },
      { parent: this },
    )
    this.registerOutputs()
  }
}

/** A copy of the Node that deploys: the machine's own may be another, or leave with the project's folder. */
const NODE = `node-${process.versions.node}`

/**
 * What a bundle is called where it is installed. Within the package its file is called the same in every version, and what has a
 * name already is not copied again.
 * @param digest of the bundle
 */
export function executableName(digest: string): string {
  return `gateway-${digest.slice(0, 16)}.mjs`
}

function unitFileOf(
  name: string,
  settings: SystemdTargetArgs['settings'],
  bundle: Bundle,
  { folder, programs }: { folder: string; programs: string },
): string {
  const { listen, admin, workers, systemd } = settings
  const stack = pulumi.getStack()
  return renderUnit({
    unit: unitName(stack, name),
    owner: `project ${pulumi.getProject()}, stack ${stack}`,
    description: `Gatewright (${stack})`,
    fixed: [
      `bundle ${bundle.digest.slice(0, 16)}`,
      `listening at ${listen.host}:${listen.port} and ${admin.host}:${admin.port}`,
      `workers: ${workers}`,
    ],
    user: systemd.user,
    folder,
    command: [join(programs, NODE), ...nodeFlags('gateway'), join(programs, executableName(bundle.digest))],
    ports: [listen.port, admin.port],
  })
}
