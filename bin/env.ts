// npm run -s env: what a terminal needs for plain `pulumi` on the local stack, to be evaluated by a POSIX shell.
import { join } from 'node:path'
import { runCommand } from './command/index.ts'
import {
  localEnvironment,
  localPlaces,
  prepareLocalStack,
  projectRoot,
  renderEnvironment,
  useCli,
} from './workspace/index.ts'

await runCommand(async () => {
  const cli = await useCli()
  await prepareLocalStack()
  const folders = [join(projectRoot, 'node_modules', '.bin'), ...(cli.source === 'path' ? [] : [cli.folder])]
  const variables = {
    ...localEnvironment(localPlaces(projectRoot)),
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
  }
  process.stdout.write(renderEnvironment(variables, folders))
})
