// npm run outputs -- <stack>: a stack's outputs as JSON. The CLI prints them: the Automation API gives secrets inside of
// other values in plain text.
import { attach, parseStackArguments, runCommand } from './command/index.ts'
import { localStack, projectRoot, useCli, useLocalBackend } from './workspace/index.ts'

const usage = 'npm run outputs -- [<stack>] [--show-secrets]'

await runCommand(async (args) => {
  const { stack, flags } = parseStackArguments(args, localStack, ['show-secrets'], usage)
  await useCli()
  if (stack === localStack) useLocalBackend()
  const options = ['--json', '--non-interactive', ...(flags.has('show-secrets') ? ['--show-secrets'] : [])]
  return attach('pulumi', ['stack', 'output', '--stack', stack, ...options], { cwd: projectRoot })
})
