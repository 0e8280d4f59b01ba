import type { Server } from 'node:http'
import { availableParallelism } from 'node:os'

import { type RuntimeConfig, runtimeConfigSchema } from '../config.ts'
import { closeServer, createAdminServer, listenAt } from '../listen/index.ts'
import { createMetrics, type Family, type Metrics, renderMetrics } from '../metrics/index.ts'
import { openOutput, type Program, type ProgramContext } from '../program/index.ts'
import type { Release } from '../release.ts'
import { Pool } from './pool.ts'

/** How long somebody who reads metrics just now may still take when the process ends, in milliseconds. */
const ADMIN_CLOSE_MS = 500

/** What a program is given on each core. */
export interface CoreContext extends ProgramContext {
  /** Of this process. */
  metrics: Metrics
}

/** What a process keeps from its start to its end; the rest of a configuration is its release's. */
type ProcessSettings = Pick<RuntimeConfig, 'workers' | 'admin'>

/** What answers requests: this process, or workers. */
interface Cores {
  apply(release: Release): Promise<void>
  drain(): Promise<void>
  snapshots(): Promise<Family[][]>
  serving(): number
}

/**
 * Runs a program on as many cores as its configuration says (`workers`): with one, in this process; with more, in a worker
 * process each, and this one only passes connections and releases on to them. The admin listener is this process's alone.
 * @param context as `runProgram` gives it
 * @param start starts the program on one core
 */
export async function runOnCores(
  context: ProgramContext,
  start: (context: CoreContext) => Promise<Program>,
): Promise<Program> {
  const metrics = createMetrics()
  let cores: Cores | undefined
  let admin: Server | undefined
  let first: ProcessSettings | undefined

  async function apply(release: Release): Promise<void> {
    const { workers, admin: address } = runtimeConfigSchema.parse(release.config)
    const settings = { workers, admin: address }
    if (first) requireSame(first, settings)
    first ??= settings
    cores ??= await chooseCores(settings, { ...context, metrics }, start)
    const running = cores
    if (!admin) {
      admin = createAdminServer({
        readiness: () => (running.serving() === 0 ? { ...context.readiness, status: 'starting' } : context.readiness),
        metrics: async () => renderMetrics([await metrics.snapshot(), ...(await running.snapshots())]),
      })
      await listenAt(admin, address)
    }
    await running.apply(release)
  }
  return {
    async apply(release) {
      const isFirst = first === undefined
      try {
        await apply(release)
        metrics.release('applied')
      } catch (error) {
        metrics.release('refused')
        if (isFirst) admin?.close()
        throw error
      }
    },
    async drain() {
      await cores?.drain()
      // Last, so that readiness says 503 for as long as something is left to finish.
      if (admin) await closeServer(admin, () => admin?.closeAllConnections(), ADMIN_CLOSE_MS)
      metrics.close()
    },
  }
}

async function chooseCores(
  { workers }: Pick<RuntimeConfig, 'workers'>,
  context: CoreContext,
  start: (context: CoreContext) => Promise<Program>,
): Promise<Cores> {
  const { metrics, log, dataFolder } = context
  const size = workers === 'auto' ? availableParallelism() : workers
  if (size === 1) {
    const program = await start(context)
    let isServing = false
    return {
      async apply(release) {
        await program.apply(release)
        isServing = true
      },
      drain: () => program.drain(),
      snapshots: async () => [],
      serving: () => (isServing ? 1 : 0),
    }
  }
  const giveUp = (): void => {
    log.fatal({ workers: size }, 'Workers keep dying')
    process.exit(1)
  }
  const pool = new Pool({ size, dataFolder, log, output: openOutput(), lost: () => metrics.workerExited(), giveUp })
  metrics.watch({ workers: () => pool.serving })
  return {
    apply: (release) => pool.apply(release),
    drain: () => pool.drain(),
    snapshots: () => pool.metrics(),
    serving: () => pool.serving,
  }
}

/** Another number of processes, or another address, needs a restart; whoever sends the release knows (`local.Process`). */
function requireSame(running: ProcessSettings, next: ProcessSettings): void {
  if (running.workers !== next.workers) throw new Error('workers can only be changed by a restart')
  if (JSON.stringify(running.admin) !== JSON.stringify(next.admin)) {
    throw new Error('admin can only be changed by a restart')
  }
}
