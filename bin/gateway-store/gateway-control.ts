import { setTimeout as delay } from 'node:timers/promises'

import { askReadiness, findRunning, startAgain, stopProcess, systemctl, unitState } from '../../infra/provider/index.ts'
import { Failure } from '../command/index.ts'
import type { StorePlace } from './place.ts'

/** How long a gateway may take until it is ready again, in milliseconds. */
const READY_MS = 30_000

/** A gateway that was stopped for a moment. */
export interface StoppedGateway {
  /** Starts it as it was started before, and waits until it is ready. @throws Failure `gateway_not_ready` */
  startAgain(): Promise<void>
}

/**
 * Ends a gateway, if it runs.
 * @returns how to start it again; undefined where it did not run
 * @throws Failure `gateway_running` where it could be ended but not started again: then it is left as it is
 */
export async function stopGateway(place: StorePlace): Promise<StoppedGateway | undefined> {
  const starting = place.unit === undefined ? await stopAsProcess(place) : await stopAsUnit(place.unit)
  if (starting === undefined) return undefined
  return {
    async startAgain() {
      await starting()
      await untilReady(place.readyUrl)
    },
  }
}

async function stopAsUnit(unit: string): Promise<(() => Promise<unknown>) | undefined> {
  if ((await unitState(unit)).active === 'inactive') return undefined
  await systemctl('stop', unit)
  return () => systemctl('start', unit)
}

async function stopAsProcess({ folder }: StorePlace): Promise<(() => Promise<unknown>) | undefined> {
  const running = await findRunning(folder)
  if (running === undefined) return undefined
  const { args } = running
  // Where the system tells a command line only as one text, it cannot be taken apart again.
  if (args.length < 2) {
    throw new Failure(
      'gateway_running',
      `The gateway runs as process ${running.pid}. End it (kill ${running.pid}), run this again, then \`pulumi up\` starts it.`,
    )
  }
  await stopProcess(folder, running.pid)
  return () => startAgain(folder, args)
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + READY_MS
  while ((await askReadiness(url)) === undefined) {
    if (performance.now() >= deadline) {
      throw new Failure('gateway_not_ready', `The gateway was started and is not ready at ${url}: look at its log.`)
    }
    await delay(50)
  }
}
