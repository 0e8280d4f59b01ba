import * as pulumi from '@pulumi/pulumi'

import { Process } from '../provider/index.ts'
import type { ProgramFolders } from './folders.ts'
import { bundleProgram, type ProgramName } from './bundle.ts'
import { nodeFlags } from './node-flags.ts'

export interface ProgramArgs {
  /** The program's own folder, absolute: see docs/architecture.md, "A program and its folder". */
  folder: string
  folders: ProgramFolders
  program: ProgramName
  config: pulumi.Input<Record<string, unknown>>
  /** By file name. */
  secrets: Record<string, pulumi.Input<string>>
  listen: { host: string; port: number }[]
  readyUrl: string
  /** Processes that it runs as, which no reload changes; left out where it is one. */
  workers?: number | 'auto'
  /** What else no reload changes. */
  fixed?: string
}

/** Starts one of our programs as a process of this machine: restarted for a new bundle or another number of workers, reloaded for everything else. */
export function startProgram(name: string, args: ProgramArgs, options: pulumi.CustomResourceOptions): Process {
  const { workers = 1, fixed = '' } = args
  const unchanging = [...(workers === 1 ? [] : [`${workers} workers`]), ...(fixed === '' ? [] : [fixed])]
  const bundle = pulumi.output(bundleProgram(args.program, args.folders.bundles))
  return new Process(
    name,
    {
      folder: args.folder,
      command: [process.execPath, ...nodeFlags(args.program), bundle.file],
      restartOn: bundle.digest.apply((digest) => [digest, ...unchanging].join(' ')),
      config: args.config,
      secrets: args.secrets,
      listen: args.listen.map(({ host, port }) => `${host}:${port}`),
      readyUrl: args.readyUrl,
      siblings: args.folders.root,
    },
    options,
  )
}
