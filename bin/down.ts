// npm run down: the local stack with its processes and files is removed. Anything may be half made or missing.
import { existsSync, rmSync } from 'node:fs'
import { Failure, parseStackArguments, progress, runCommand } from './command/index.ts'
import {
  destroyLocalStack,
  findLeftovers,
  localPlaces,
  localStack,
  projectRoot,
  releaseStackFile,
  stopLeftover,
} from './workspace/index.ts'

const usage = 'npm run down [-- --force]'

await runCommand(async (args) => {
  const { stack, flags } = parseStackArguments(args, localStack, ['force'], usage)
  if (stack !== localStack) {
    throw new Failure('usage', `This command removes the local stack only. For another one: pulumi destroy -s ${stack}`)
  }
  const places = localPlaces(projectRoot)
  const wasThere = existsSync(places.state) || existsSync(places.stackFile)
  await destroyLocalStack({ evenWithLeftovers: flags.has('force') })
  for (const leftover of findLeftovers(places.folder)) {
    await stopLeftover(leftover)
    progress(`Stopped process ${leftover.pid}, which the stack no longer knew of (${leftover.folder}).`)
  }
  const { end, unreadable } = releaseStackFile(places)
  rmSync(places.folder, { recursive: true, force: true })
  if (end === 'kept') progress(`Kept ${places.stackFile}: you have changed it.`)
  if (unreadable.length > 0) {
    progress(
      `These values in it were encrypted with the passphrase that is gone now: ${unreadable.join(', ')}. Take them out.`,
    )
  }
  progress(wasThere ? 'Done: nothing of the local stack is left.' : 'There was nothing to remove.')
})
