import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface ReleaseFiles {
  generation: string
  /** An object is written as JSON, a string as it is. */
  config: object | string
  secrets?: Record<string, string>
}

export interface RunningProgram {
  pid: number
  /** Lines of stdout so far. */
  lines: string[]
  /** Waits for a log line with that message which came after the last one that was waited for. */
  logged(message: string): Promise<Record<string, unknown>>
  reload(): void
  /** Sends SIGTERM. @returns the exit code */
  stop(): Promise<number | null>
  /** Waits until the program ends by itself. @returns the exit code */
  ended(): Promise<number | null>
}

/** A program's folder, as docs/architecture.md describes it. */
export interface ProgramFolder {
  path: string
  /** Writes a release and makes it the current one in one rename. */
  put(release: ReleaseFiles): Promise<void>
  remove(): Promise<void>
}

export async function makeFolder(): Promise<ProgramFolder> {
  const path = await mkdtemp(join(tmpdir(), 'gatewright-program-'))
  return {
    path,
    async put({ generation, config, secrets = {} }) {
      const release = join(path, 'releases', generation)
      await mkdir(join(release, 'secrets'), { recursive: true, mode: 0o700 })
      await writeFile(join(release, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config))
      await writeFile(join(release, 'generation'), `${generation}\n`)
      for (const [name, value] of Object.entries(secrets)) {
        await writeFile(join(release, 'secrets', name), `${value}\n`, { mode: 0o600 })
      }
      await symlink(join('releases', generation), join(path, 'next'))
      await rename(join(path, 'next'), join(path, 'current'))
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

/** Starts a program on its folder with the Node that runs the tests. */
export function startProgram(main: string, folder: string): RunningProgram {
  const child = spawn(process.execPath, [main, '--folder', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const lines: string[] = []
  let read = 0
  let changed = Promise.withResolvers<void>()
  const add = (line: string): void => {
    lines.push(line)
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }
  createInterface({ input: child.stdout }).on('line', add)
  const faults: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => faults.push(line))
  const ended = async (): Promise<number | null> => {
    await closed
    return child.exitCode
  }
  return {
    pid: child.pid ?? 0,
    lines,
    async logged(message) {
      for (;;) {
        while (read < lines.length) {
          const line: Record<string, unknown> = JSON.parse(lines[read++] ?? '')
          if (line.msg === message) return line
        }
        const gone = ended().then((code) => {
          throw new Error(`ended with ${code} before it said "${message}": ${[...lines, ...faults].join('\n')}`)
        })
        await Promise.race([changed.promise, gone])
      }
    },
    reload: () => void child.kill('SIGHUP'),
    async stop() {
      child.kill('SIGTERM')
      return ended()
    },
    ended,
  }
}
