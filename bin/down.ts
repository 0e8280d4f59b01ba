// npm run down: the local stack with its processes and files is removed. Anything may be half made or missing.
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
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
  for (const leftover of await findLeftovers(places.programs)) {
    await stopLeftover(leftover)
    progress(`Stopped process ${leftover.pid}, which the stack no longer knew of (${leftover.folder}).`)
  }
  const { end, unreadable } = releaseStackFile(places)
  for (const path of [places.programs, places.state, places.passphraseFile]) {
    rmSync(path, { recursive: true, force: true })
  }
  // Other stacks may have programs of this machine there as well.
  for (const folder of [dirname(places.programs), places.folder]) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder)
  }
  if (end === 'kept') progress(`Kept ${places.stackFile}: you have changed it.`)
  if (unreadable.length > 0) {
    progress(
      `These values in it were encrypted with the passphrase that is gone now: ${unreadable.join(', ')}. Take them out.`,
    )
  }
  progress(wasThere ? 'Done: nothing of the local stack is left.' : 'There was nothing to remove.')
})
