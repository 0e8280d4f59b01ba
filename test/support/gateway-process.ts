import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type { RuntimeConfig } from '../../runtime/config.ts'

/** What a gateway is given to run with. */
export interface ReleaseContent {
  config: RuntimeConfig
  /** By file name. */
  secrets: ReadonlyMap<string, string>
}

/** The gateway as a process of its own, as a target runs it. */
export interface GatewayProcess {
  pid: number
  /** The program's own folder, for what survives a restart. */
  dataFolder: string
  /** All that it has written so far. */
  log(): string
  /** Puts a release in force by SIGHUP, and waits until it is. */
  release(content: ReleaseContent): Promise<void>
  /** Ends it without a word, as a crash does. */
  kill(): Promise<void>
  /** Ends it properly, and starts it anew on the same folder. */
  restart(): Promise<void>
  /** Ends it properly. @returns all that it wrote */
  stop(): Promise<string>
}

/** What runs: the bundle where the test project names one, and the source elsewhere. */
const PROGRAM = process.env['GATEWRIGHT_TEST_BUNDLE'] ?? 'runtime/main.ts'

/** Starts one and waits until it is ready. */
export async function startGatewayProcess(content: ReleaseContent): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-gateway-'))
  let generation = 0
  const write = async ({ config, secrets }: ReleaseContent): Promise<string> => {
    generation += 1
    const name = `g${generation}`
    const place = join(folder, 'releases', name)
    await mkdir(join(place, 'secrets'), { recursive: true })
    await writeFile(join(place, 'config.json'), JSON.stringify(config))
    await writeFile(join(place, 'generation'), `${name}\n`)
    for (const [file, value] of secrets) await writeFile(join(place, 'secrets', file), value, { mode: 0o600 })
    await symlink(place, join(folder, 'next'))
    await rename(join(folder, 'next'), join(folder, 'current'))
    return name
  }
  const first = await write(content)
  // A file, so that a line is there to be read as soon as it is written.
  const logFile = join(folder, 'test-output.log')
  let lastWords: string | undefined
  const log = (): string => lastWords ?? readFileSync(logFile, 'utf8')
  const start = (): ChildProcess => {
    const output = openSync(logFile, 'a')
    const started = spawn(process.execPath, [PROGRAM, '--folder', folder], { stdio: ['ignore', output, output] })
    closeSync(output)
    return started
  }
  let child = start()
  const { host, port } = content.config.admin
  const inForce = async (name: string): Promise<void> => {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the gateway ended: ${log()}`)
      const answer = await fetch(`http://${host}:${port}/readyz`).then(
        (response) => response.text(),
        () => '',
      )
      if (answer.includes(`"refused":{"generation":"${name}"`)) throw new Error(answer)
      if (answer.includes(`"generation":"${name}"`)) return
      await delay(20)
    }
  }
  await inForce(first)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.kill(signal)) await ended
  }
  const remove = async (): Promise<string> => {
    lastWords = log()
    await rm(folder, { recursive: true, force: true })
    return lastWords
  }
  return {
    get pid() {
      return child.pid ?? 0
    },
    dataFolder: join(folder, 'data'),
    log,
    async release(next) {
      const name = await write(next)
      child.kill('SIGHUP')
      await inForce(name)
    },
    async kill() {
      await end('SIGKILL')
      await remove()
    },
    async restart() {
      await end('SIGTERM')
      child = start()
      await inForce(`g${generation}`)
    },
    async stop() {
      await end('SIGTERM')
      return remove()
    },
  }
}
