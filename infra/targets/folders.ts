import { join } from 'node:path'

import * as pulumi from '@pulumi/pulumi'

import { SYSTEMD_STATE } from '../provider/index.ts'

/** Where the programs of the running stack live; absolute, and a room of its own for each kind, so that no two can meet. */
export interface ProgramFolders {
  /** Holds all of them and nothing of another stack's. */
  root: string
  bundles: string
  sampleApp: string
  mailbox: string
  gateway: (name: string) => string
  /** Where systemd runs programs of the stack. */
  machine: string
  identityProvider: (id: string) => string
}

export function programFolders(): ProgramFolders {
  const root = join(pulumi.getRootDirectory(), '.gatewright', 'stacks', pulumi.getStack())
  return {
    root,
    bundles: join(root, 'bundles'),
    sampleApp: join(root, 'sample-app'),
    mailbox: join(root, 'mailbox'),
    machine: join(SYSTEMD_STATE, pulumi.getStack()),
    gateway: (name) => join(root, 'gateways', name),
    identityProvider: (id) => join(root, 'identity-providers', id),
  }
}
