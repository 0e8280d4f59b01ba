import type * as pulumi from '@pulumi/pulumi'

import type { StackConfig } from '../config/index.ts'
import type { RuntimePlan } from '../runtime-config.ts'
import type { ProgramFolders } from './folders.ts'

/** What a target runs. */
export interface TargetArgs {
  stack: StackConfig
  /** RuntimeConfig, as JSON would have it; no secret is in it. What is made or registered is there as outputs. */
  config: RuntimePlan & { registrations: unknown; serviceAccounts: unknown }
  /** By file name. */
  secrets: Record<string, pulumi.Input<string>>
  folders: ProgramFolders
}
