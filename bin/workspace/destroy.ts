import { existsSync, readFileSync } from 'node:fs'
import { CommandError, Stack } from '@pulumi/pulumi/automation/index.js'
import { Failure, progress } from '../command/index.ts'
import { withEngine } from './engine.ts'
import { localPlaces, localStack, projectRoot } from './local.ts'
import { openWorkspace, recoverFromKills, useCli, useLocalBackend } from './open.ts'
import { endsWithThisMachine, remainingResources } from './remaining.ts'

/**
 * Destroys the local stack's resources, where there is such a stack. What the engine cannot delete is let go when it ends
 * with this machine's processes and files anyway: a client at an identity provider that no longer runs.
 * @param options.evenWithLeftovers go on although something is left at a system elsewhere
 * @throws Failure `left_elsewhere` when something is; `stack_locked` while an update runs
 */
export async function destroyLocalStack(options: { evenWithLeftovers: boolean }): Promise<void> {
  if (!existsSync(localPlaces(projectRoot).checkpoint)) return
  await useCli()
  useLocalBackend()
  recoverFromKills()
  const workspace = await openWorkspace()
  try {
    const stack = await Stack.select(localStack, workspace)
    await withEngine((streams) => stack.destroy({ ...streams, continueOnError: true }))
  } catch (error) {
    const isEngines = error instanceof CommandError || (error instanceof Failure && error.code === 'update_failed')
    if (!isEngines) throw error
    judgeRest(options.evenWithLeftovers)
  }
}

function judgeRest(evenWithLeftovers: boolean): void {
  const rest = remainingResources(readFileSync(localPlaces(projectRoot).checkpoint, 'utf8'))
  const elsewhere = rest?.filter((resource) => !endsWithThisMachine(resource)).map(({ urn }) => urn)
  if (elsewhere?.length === 0) {
    progress('\nWhat could not be deleted ends with the processes and files of this machine; going on.')
    return
  }
  const list = (elsewhere ?? ['unknown: the state cannot be read']).map((urn) => `  ${urn}`).join('\n')
  if (evenWithLeftovers) {
    progress(`\nLeft behind, because of --force:\n${list}`)
    return
  }
  throw new Failure(
    'left_elsewhere',
    `The stack could not be destroyed, and this is left at systems elsewhere:\n${list}\nMend what is said above and run the ` +
      'command again; or give it up with `npm run down -- --force` and delete it by hand.',
  )
}
