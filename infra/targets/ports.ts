import * as pulumi from '@pulumi/pulumi'

import { listeners, type StackConfig } from '../config/index.ts'
import type { ProgramFolders } from './folders.ts'
import { heldByStrangers } from '../provider/index.ts'

/**
 * Makes sure, before anything is started, that every address of the stack's programs is free or held by those programs.
 * @param folders of this stack's programs
 * @throws RunError that names each address, its place in the stack file and its owner
 */
export async function requireAddresses(stack: StackConfig, folders: ProgramFolders): Promise<void> {
  const wanted = listeners(stack).map(({ host, port, path }) => ({ address: `${host}:${port}`, path }))
  const held = await heldByStrangers(
    wanted.map(({ address }) => address),
    [folders.root, folders.machine],
  )
  const lines = wanted.flatMap(({ address, path }) => {
    const owner = held.get(address)
    return owner ? [`  gatewright:${path.join('.')} ${address} ${owner}`] : []
  })
  if (lines.length === 0) return
  throw new pulumi.RunError(['These addresses cannot be had; end their owners, or use others:', ...lines].join('\n'))
}
