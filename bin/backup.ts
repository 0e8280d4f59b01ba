// npm run backup -- <stack> <file>: a copy of the gateway's SQLite store as it is at one moment, checked, while it goes on.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backUpSqliteStore } from '../runtime/store/index.ts'
import { runCommand, withUsage } from './command/index.ts'
import { asFailures, describeStore, findStore } from './gateway-store/index.ts'
import { projectRoot } from './workspace/index.ts'

const usage = 'npm run backup -- <stack> <file>'

await runCommand(async (args) => {
  const { stack, file } = readArguments(args)
  const place = findStore(stack, { project: projectRoot })
  const summary = await asFailures(() => backUpSqliteStore(place.file, file))
  process.stdout.write(`${file}: ${describeStore(summary)}.\n`)
})

function readArguments(args: string[]): { stack: string; file: string } {
  return withUsage(usage, () => {
    const [stack, file, ...rest] = parseArgs({ args, allowPositionals: true, options: {} }).positionals
    if (stack === undefined || file === undefined || rest.length > 0) throw new TypeError('A stack and a file.')
    return { stack, file: resolve(process.env['INIT_CWD'] ?? '.', file) }
  })
}
