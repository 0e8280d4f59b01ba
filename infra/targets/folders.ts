import { join } from 'node:path'

import * as pulumi from '@pulumi/pulumi'

/** @returns where the programs of the running stack have their folders, absolute */
export function programsFolder(): string {
  return join(pulumi.getRootDirectory(), '.gatewright', pulumi.getStack())
}
