// npm run restore -- <stack> <file>: a backup takes the place of the gateway's SQLite store. The gateway is stopped for a
// moment; the former store stays beside the new one.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Failure, runCommand, withSignals, withUsage } from './command/index.ts'
import { describeStore, findStore, restoreStore } from './gateway-store/index.ts'
import { localStack, projectRoot } from './workspace/index.ts'

const usage = 'npm run restore -- <stack> <file> [--keep-sessions] [--yes]'

await runCommand(async (args) => {
  const { stack, file, keepSessions, confirmed } = readArguments(args)
  if (stack !== localStack && !confirmed) {
    throw new Failure(
      'not_confirmed',
      `What has changed at "${stack}" since ${file} was made will be undone: accounts suspended since then are active again. ` +
        'This command does not ask: add --yes.',
    )
  }
  const place = findStore(stack, { project: projectRoot })
  // A gateway that was stopped is to be started again, even where the terminal is gone meanwhile.
  const restoring = () => restoreStore(file, place, keepSessions ? 'kept' : 'ended')
  const { summary, former, restarted } = await withSignals(() => undefined, restoring)
  const lines = [
    `Restored ${place.file}: ${describeStore(summary)}.`,
    keepSessions ? 'Its sessions live on.' : 'Its sessions are over: people sign in again.',
    ...(former === undefined ? [] : [`The former store is kept as ${former}: remove it when you do not need it.`]),
    restarted ? 'The gateway runs again.' : 'The gateway was not running, and was not started.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
})

function readArguments(args: string[]) {
  return withUsage(usage, () => {
    const options = { 'keep-sessions': { type: 'boolean' }, yes: { type: 'boolean' } } as const
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
    const [stack, file, ...rest] = positionals
    if (stack === undefined || file === undefined || rest.length > 0) throw new TypeError('A stack and a file.')
    return {
      stack,
      file: resolve(process.env['INIT_CWD'] ?? '.', file),
      keepSessions: values['keep-sessions'] === true,
      confirmed: values.yes === true,
    }
  })
}
