import type * as pulumi from '@pulumi/pulumi'

import type { StackConfig } from '../config/index.ts'
import type { ProgramFolders } from './folders.ts'

/** What a target runs. */
export interface TargetArgs {
  settings: StackConfig['target']
  /** RuntimeConfig, as JSON would have it; no secret is in it. */
  config: pulumi.Input<Record<string, unknown>>
  /** By file name. */
  secrets: Record<string, pulumi.Input<string>>
  folders: ProgramFolders
}
