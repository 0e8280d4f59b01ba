// npm run up: all of the set-up, and the stack brought to what its file says.
import { join } from 'node:path'
import { Failure, parseStackArguments, runCommand } from './command/index.ts'
import {
  checkStackFile,
  describeOutcome,
  localStack,
  openStack,
  projectRoot,
  stackFilePath,
  useCli,
  withEngine,
} from './workspace/index.ts'

const usage = 'npm run up [-- <stack> --yes]'

await runCommand(async (args) => {
  const { stack: name, flags } = parseStackArguments(args, localStack, ['yes'], usage)
  if (name !== localStack && !flags.has('yes')) {
    throw new Failure(
      'not_confirmed',
      `"${name}" is not the local stack, and this command does not ask. See what would change, with the same terminal:\n` +
        `  pulumi preview --diff -s ${name}\n` +
        `then \`pulumi up -s ${name}\`, which asks, or \`npm run up -- ${name} --yes\`, which does not.`,
    )
  }
  await useCli()
  const stack = await openStack(name)
  checkStackFile(join(projectRoot, stackFilePath(name)))
  const { outputs, summary } = await withEngine((streams) =>
    // What somebody has changed by hand at a vendor is put back.
    stack.up({ ...streams, refresh: true }),
  )
  const shown = name === localStack ? outputs : {}
  process.stdout.write(`\n${describeOutcome(shown, summary.resourceChanges ?? {}, hints(name))}`)
})

function hints(stack: string): Record<string, string> {
  const outputs = { [`npm run outputs -- ${stack} --show-secrets`]: 'everything that the stack gives' }
  return stack === localStack ? { ...outputs, 'npm run down': 'remove all of it' } : outputs
}
