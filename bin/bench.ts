// npm run bench: what a request costs in processor time, latency and memory, next to nginx, HAProxy and Apache with
// mod_auth_openidc in the same run. `--quick` is the main comparison alone.
import { parseArgs } from 'node:util'
import { runBench } from '../bench/index.ts'
import { Failure, progress, runCommand, withUsage } from './command/index.ts'
import { projectRoot } from './workspace/index.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

await runCommand(async (args) => {
  const { values } = withUsage('npm run bench -- [--quick]', () =>
    parseArgs({ args, options: { quick: { type: 'boolean', default: false } } }),
  )
  const stop = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => stop.abort(new Failure('interrupted', `Stopped by ${signal}.`)))
  }
  const print = (text: string): void => void process.stdout.write(text)
  await runBench(values.quick ? 'quick' : 'full', { progress, print, root: projectRoot }, stop.signal)
})
