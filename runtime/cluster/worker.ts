import type { Logger } from 'pino'

import { createMetrics } from '../metrics/index.ts'
import { createLog, oneLine, type Program } from '../program/index.ts'
import type { Release } from '../release.ts'
import type { Answer, Asked } from './messages.ts'
import type { CoreContext } from './run-on-cores.ts'

/**
 * Runs a program as a worker, by what the first process asks for. It ends with that process: the channel between them
 * closes, and Node then ends a worker by itself.
 * @param name stands in every log line
 */
export function runWorker(name: string, start: (context: CoreContext) => Promise<Program>): void {
  // The first process says when; a terminal or a service manager signals all processes at once.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
  const worker = createWorker(createLog(name), start)
  let turn = Promise.resolve()
  process.on('message', (asked: Asked) => {
    if (asked.ask === 'metrics') void answer(asked.id, () => worker.metrics())
    else {
      const work = asked.ask === 'drain' ? () => worker.drain() : () => worker.apply(asked.dataFolder, asked.release)
      turn = turn.then(() => answer(asked.id, work)).then(() => (asked.ask === 'drain' ? process.exit(0) : undefined))
    }
  })
}

type Work = () => Promise<{ metrics?: Awaited<ReturnType<ReturnType<typeof createMetrics>['snapshot']>> }>

async function answer(id: number, work: Work): Promise<void> {
  let said: Answer
  try {
    said = { id, ...(await work()) }
  } catch (error) {
    said = { id, error: oneLine(error) }
  }
  await new Promise<void>((sent) => {
    if (process.connected) process.send?.(said, undefined, undefined, () => sent())
    else sent()
  })
}

function createWorker(log: Logger, start: (context: CoreContext) => Promise<Program>) {
  const metrics = createMetrics()
  const readiness: { status: 'starting' | 'ready' | 'draining'; generation: string } = {
    status: 'starting',
    generation: '',
  }
  let program: Program | undefined
  return {
    async apply(dataFolder: string, release: Release) {
      program ??= await start({ dataFolder, log, readiness, metrics })
      await program.apply(release)
      readiness.status = 'ready'
      readiness.generation = release.generation
      return {}
    },
    async drain() {
      readiness.status = 'draining'
      await program?.drain()
      return {}
    },
    metrics: async () => ({ metrics: await metrics.snapshot() }),
  }
}
