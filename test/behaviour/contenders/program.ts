import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type { Contender } from './contender.ts'

/** Where Debian puts servers, which are on nobody's PATH but root's. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']

/** Starting takes so long at most, in milliseconds. */
const START_MS = 10_000

export interface ServerProgram {
  /** Of the program, and of the Debian package that has it. */
  name: string
  configuration: string
  /** @param file where the configuration lies, in a folder of its own */
  args: (file: string, folder: string) => string[]
  /** Besides those of this process; the folder is the program's own. */
  env?: (folder: string) => Record<string, string>
  port: number
}

/**
 * Runs a server until it is closed.
 * @throws Error that names the package when it is not installed, or what the server said when it does not start
 */
export async function startProgram({ name, configuration, args, env, port }: ServerProgram): Promise<Contender> {
  const program = findProgram(name)
  const folder = await mkdtemp(join(tmpdir(), `gatewright-${name}-`))
  const file = join(folder, `${name}.conf`)
  await writeFile(file, configuration)
  const child = spawn(program, args(file, folder), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env?.(folder) },
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await listening(child, port, () => `${name} does not start: ${said}`)
  return {
    port,
    host: `127.0.0.1:${port}`,
    async close() {
      const ended = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGKILL')) await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function findProgram(name: string): string {
  const found = FOLDERS.map((folder) => join(folder, name)).find(isExecutable)
  if (!found) throw new Error(`${name} is not installed: this needs Debian's package \`${name}\``)
  return found
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function listening(child: ChildProcess, port: number, failure: () => string): Promise<void> {
  for (const until = Date.now() + START_MS; Date.now() < until; await delay(20)) {
    if (child.exitCode !== null) throw new Error(failure())
    const socket = connect(port, '127.0.0.1')
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (connected) return
  }
  throw new Error(failure())
}
