// npm run rotate -- <stack> <provider>: a new client secret takes over from the old one, with both of them good in between.
// Each step is a state of the stack file that is deployed; what broke off is led to its end by running it again.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nextSecretName, rotationSteps, SECRETS_AT_ONCE } from '../infra/identity-providers/rotation.ts'
import { Failure, progress, runCommand, withUsage } from './command/index.ts'
import {
  checkStackFile,
  localStack,
  openStack,
  projectRoot,
  readClientSecrets,
  stackFilePath,
  useCli,
  withEngine,
  writeClientSecrets,
} from './workspace/index.ts'

const usage = 'npm run rotate -- <stack> <identity provider> [--yes]'

await runCommand(async (args) => {
  const { stack: name, provider, confirmed } = readArguments(args)
  if (name !== localStack && !confirmed) {
    throw new Failure('not_confirmed', `"${name}" is not the local stack, and this command does not ask: add --yes.`)
  }
  await useCli()
  const stack = await openStack(name)
  const file = join(projectRoot, stackFilePath(name))
  const steps = planSteps(file, provider)
  checkStackFile(file)
  for (const [index, names] of steps.entries()) {
    progress(`\nStep ${index + 1} of ${steps.length}: ${describe(names)}`)
    writeClientSecrets(file, provider, names)
    await withEngine((streams) => stack.up({ ...streams, refresh: true }))
  }
  process.stdout.write(`\nDone: ${provider} uses the client secret "${steps.at(-1)?.[0]}", and the old one is gone.\n`)
  if (name !== localStack) process.stdout.write(`${file} has changed: commit it.\n`)
})

function readArguments(args: string[]): { stack: string; provider: string; confirmed: boolean } {
  return withUsage(usage, () => {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { yes: { type: 'boolean' } } })
    const [stack, provider, ...rest] = positionals
    if (stack === undefined || provider === undefined || rest.length > 0) throw new TypeError('A stack and a provider.')
    return { stack, provider, confirmed: values.yes === true }
  })
}

function planSteps(file: string, provider: string): string[][] {
  const { kind, isBrought, names = ['first'] } = readClientSecrets(file, provider)
  if (isBrought) {
    throw new Failure(
      'rotation_by_hand',
      `The client at ${provider} was made by hand, and so is its secret: make a second one there, set it as client.secret and ` +
        'the former one as client.previousSecret, run `npm run up`; then delete the former one there and here, and run it again.',
    )
  }
  if (!Object.hasOwn(SECRETS_AT_ONCE, kind)) {
    throw new Failure('stack_file_invalid', `${file}: there is no kind ${kind} of provider.`)
  }
  const atOnce = SECRETS_AT_ONCE[kind as keyof typeof SECRETS_AT_ONCE]
  const today = new Date().toISOString().slice(0, 10)
  const steps = rotationSteps(names, nextSecretName(today, names), atOnce)
  if (steps !== 'ambiguous') return steps
  throw new Failure(
    'rotation_ambiguous',
    `${file}: clientSecrets of ${provider} is [${names.join(', ')}], and neither name tells which is newer. Leave the one ` +
      'that is to stay, run `npm run up`, and then this command.',
  )
}

function describe(names: readonly string[]): string {
  const [preferred, other] = names
  return other === undefined ? `"${preferred}" alone.` : `"${preferred}" first, "${other}" still good.`
}
