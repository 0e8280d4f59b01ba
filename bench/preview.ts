// node bench/preview.ts [<runs>]: how long `pulumi preview` takes on a stack with five identity providers in which nothing has
// changed, against emulated vendors on this machine. GATEWRIGHT_PULUMI names the CLI's folder, as `npm test` sets it.
import { performance } from 'node:perf_hooks'

import { finish } from '../test/support/project.ts'
import { startFiveProviders } from '../test/support/five-providers.ts'

const runs = Number(process.argv[2] ?? 5)
const providers = await startFiveProviders()
const project = await providers.createProject('login')
try {
  const up = await project.run('up')
  if (up.code !== 0) throw new Error(up.text)
  const seconds: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const started = await project.startPulumi('preview', '-s', 'local', '--expect-no-changes')
    const start = performance.now()
    const preview = await finish(started)
    if (preview.code !== 0) throw new Error(preview.text)
    seconds.push((performance.now() - start) / 1000)
  }
  const sorted = seconds.toSorted((a, b) => a - b)
  const shown = (value: number | undefined): string => `${value?.toFixed(2)} s`
  console.log(`${runs} previews: ${shown(sorted[0])} to ${shown(sorted.at(-1))}, median ${shown(sorted[runs >> 1])}`)
} finally {
  await project.remove()
  await providers.close()
}
