// npm run doctor -- <stack>: whether people can sign in at the identity providers that a stack is deployed with. It asks each
// of them as a browser would, shows the client's credential to the token endpoint that it was deployed with and to nobody
// else, and changes nothing. Exit code 1 says that something is wrong.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Circumstances,
  describeConnection,
  isWrong,
  readDeployed,
  renderText,
  testDeployed,
} from '../infra/connection-test/index.ts'
import { readStack } from '../infra/review/index.ts'
import { Failure, parseStackArguments, runCommand } from './command/index.ts'
import {
  exportState,
  exportStateWithSecrets,
  localPlaces,
  localStack,
  projectRoot,
  readStackFile,
  selectStack,
  stackFilePath,
  stackInput,
  useCli,
  useLocalBackend,
} from './workspace/index.ts'

const usage = 'npm run doctor -- [<stack>]'
const WRONG = 1

await runCommand(async (args) => {
  const { stack } = parseStackArguments(args, localStack, [], usage)
  await useCli()
  await openForReading(stack)
  const deployed = readDeployed((await exportStateWithSecrets(stack)) ?? (await exportState(stack)))
  if (deployed.length === 0) {
    process.stdout.write(
      `Stack ${stack} is not deployed with any identity provider yet, so that there is nothing to test.\n`,
    )
    return WRONG
  }
  const circumstances: Circumstances = { stack, maxAgeDays: readMaxAges(stack), nowMs: Date.now() }
  const reports = (await testDeployed(deployed)).map((result) => describeConnection(result, circumstances))
  process.stdout.write(renderText(reports, stack))
  return isWrong(reports) ? WRONG : 0
})

/** Unlike other commands it makes no local stack where there is none. */
async function openForReading(stack: string): Promise<void> {
  if (stack === localStack) {
    if (!existsSync(localPlaces(projectRoot).checkpoint)) {
      throw new Failure('stack_not_found', 'There is no local stack yet: `npm run up` makes it.')
    }
    useLocalBackend()
  }
  await selectStack(stack)
}

/** Provider → how old its client secrets may become, in days, with the defaults of the stack file. */
function readMaxAges(stack: string): Record<string, number> {
  const path = join(projectRoot, stackFilePath(stack))
  const reading = readStack(stackInput(readStackFile(path), path))
  // What is deployed can be tested all the same, whatever the file says by now.
  if (reading.state !== 'read') return {}
  return Object.fromEntries(
    [...reading.stack.identityProviders].flatMap(([id, settings]) => {
      const days = settings['clientSecretMaxAgeDays']
      return typeof days === 'number' ? [[id, days]] : []
    }),
  )
}
