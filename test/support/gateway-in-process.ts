import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import { pino } from 'pino'

import { runOnCores } from '../../runtime/cluster/index.ts'
import type { Program } from '../../runtime/program/index.ts'
import { startGateway } from '../../runtime/server/index.ts'
import type { GatewayProcess, ReleaseContent } from './gateway-process.ts'

/** The gateway in this process: quick to start, and what it throws is seen. */
export async function startGatewayHere(content: ReleaseContent): Promise<Omit<GatewayProcess, 'pid' | 'kill'>> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'gatewright-test-'))
  const lines = new PassThrough()
  let logged = ''
  lines.on('data', (chunk: Buffer) => (logged += chunk.toString()))
  const log = pino(lines)
  const readiness = { status: 'ready', generation: 'g1' } as const
  let inForce = content
  const start = async (): Promise<Program> => {
    const program = await runOnCores({ dataFolder, log, readiness }, startGateway)
    await program.apply({ generation: 'g1', ...inForce })
    return program
  }
  let program = await start()
  return {
    dataFolder,
    log: () => logged,
    async release(next) {
      await program.apply({ generation: 'g1', ...next })
      inForce = next
    },
    async restart() {
      await program.drain()
      program = await start()
    },
    async stop() {
      await program.drain()
      await rm(dataFolder, { recursive: true })
      return logged
    },
  }
}
