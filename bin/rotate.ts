// npm run rotate -- <stack> <provider>: a new client secret takes over from the old one, with both of them good in between.
// npm run rotate -- <stack> keys: so do the gateway's own keys, with which it signs assertions and seals sessions.
// Each step is a state of the stack file that is deployed; what broke off is led to its end by running it again.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Failure, progress, runCommand, withUsage } from './command/index.ts'
import { clientSecretRotation, keyRotation, runRotation } from './rotation/index.ts'
import {
  checkStackFile,
  localStack,
  openStack,
  projectRoot,
  stackFilePath,
  useCli,
  withEngine,
} from './workspace/index.ts'

const usage = 'npm run rotate -- <stack> <identity provider | keys> [--yes]'
const KEYS = 'keys'

await runCommand(async (args) => {
  const { stack: name, what, confirmed } = readArguments(args)
  if (name !== localStack && !confirmed) {
    throw new Failure('not_confirmed', `"${name}" is not the local stack, and this command does not ask: add --yes.`)
  }
  await useCli()
  const stack = await openStack(name)
  const file = join(projectRoot, stackFilePath(name))
  const rotation = what === KEYS ? keyRotation(file) : clientSecretRotation(file, what)
  checkStackFile(file)
  const deploy = () => withEngine((streams) => stack.up({ ...streams, refresh: true }))
  await runRotation(rotation, { deploy, progress, pause: (milliseconds) => sleep(milliseconds) })
  process.stdout.write(`\nDone: ${rotation.done}\n`)
  if (name !== localStack) process.stdout.write(`${file} has changed: commit it.\n`)
})

function readArguments(args: string[]): { stack: string; what: string; confirmed: boolean } {
  return withUsage(usage, () => {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { yes: { type: 'boolean' } } })
    const [stack, what, ...rest] = positionals
    if (stack === undefined || what === undefined || rest.length > 0) {
      throw new TypeError('A stack, and a provider or the word keys.')
    }
    return { stack, what, confirmed: values.yes === true }
  })
}
