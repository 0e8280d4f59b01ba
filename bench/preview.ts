// node bench/preview.ts [<runs>]: how long `pulumi preview` takes on a stack with five identity providers in which nothing has
// changed, against emulated vendors on this machine, and how long on a stack of nothing: the engine, its language host and the
// SDK. Both in turn, so that the ratio says more than the seconds of a busy machine. GATEWRIGHT_PULUMI names the CLI's folder,
// as `npm test` sets it.
import type { ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

import { createProject, finish } from '../test/support/project.ts'
import { startFiveProviders } from '../test/support/five-providers.ts'

const runs = Number(process.argv[2] ?? 5)
const providers = await startFiveProviders()
const five = await providers.createProject('login')
const none = await createProject()
try {
  await writeFile(join(none.folder, 'infra', 'main.mjs'), "import '@pulumi/pulumi'\n")
  for (const project of [five, none]) {
    const up = await project.run('up')
    if (up.code !== 0) throw new Error(up.text)
  }
  const seconds = { five: [] as number[], none: [] as number[] }
  for (let run = 0; run < runs; run += 1) {
    seconds.five.push(await timed(await five.startPulumi('preview', '-s', 'local', '--expect-no-changes')))
    seconds.none.push(await timed(await none.startPulumi('preview', '-s', 'local', '--expect-no-changes')))
  }
  console.log(`${runs} previews of five providers: ${spread(seconds.five)}; of nothing: ${spread(seconds.none)}`)
  console.log(`ratio of the medians: ${(median(seconds.five) / median(seconds.none)).toFixed(2)}`)
} finally {
  await Promise.all([five.remove(), none.remove()])
  await providers.close()
}

async function timed(started: ChildProcess): Promise<number> {
  const start = performance.now()
  const { code, text } = await finish(started)
  if (code !== 0) throw new Error(text)
  return (performance.now() - start) / 1000
}

function spread(seconds: number[]): string {
  return `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s, median ${median(seconds).toFixed(2)} s`
}

function median(seconds: number[]): number {
  return seconds.toSorted((a, b) => a - b)[seconds.length >> 1] ?? NaN
}
