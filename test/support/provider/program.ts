import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Properties } from '../../../infra/provider/properties.ts'
import { freePorts } from '../ports.ts'

const program = fileURLToPath(new URL('program.mjs', import.meta.url))

/** A place for one program in a folder of its own, with a port; disposing ends the program, whatever became of it. */
export interface ProgramPlace extends AsyncDisposable {
  root: string
  folder: string
  port: number
  token: string
  inputs(changes?: { config?: Properties; folder?: string; [name: string]: unknown }): Properties
  pid(folder?: string): Promise<number>
}

export async function makeProgramPlace(): Promise<ProgramPlace> {
  const root = await mkdtemp(join(tmpdir(), 'gatewright-process-'))
  const folder = join(root, 'gateway')
  const [port = 0] = await freePorts(1)
  const token = 'a-secret-token-that-nobody-may-see'
  const used = new Set([folder])
  return {
    root,
    folder,
    port,
    token,
    inputs({ config, ...changes } = {}) {
      const inputs = {
        folder,
        command: [process.execPath, program],
        config: { port, ...config },
        secrets: { token },
        readyUrl: `http://127.0.0.1:${port}/readyz`,
        listen: [`127.0.0.1:${port}`],
        restartOn: 'bundle-1',
        readyTimeoutSeconds: 10,
        running: true,
        ...changes,
      } as Properties
      if (typeof inputs['folder'] === 'string') used.add(inputs['folder'])
      return inputs
    },
    pid: (where = folder) => readPid(where),
    async [Symbol.asyncDispose]() {
      for (const where of used) {
        const pid = await readPid(where).catch(() => Number.NaN)
        if (pid > 0) killQuietly(pid)
      }
      await rm(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function readPid(folder: string): Promise<number> {
  return Number(await readFile(join(folder, 'pid'), 'utf8'))
}

/** Ends a process that may have ended by itself. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
