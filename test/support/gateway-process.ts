import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
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
  /** Puts a release in force by SIGHUP, and waits until it is. */
  release(content: ReleaseContent): Promise<void>
  /** Ends it without a word, as a crash does. */
  kill(): Promise<void>
  /** Ends it properly. @returns all that it wrote */
  stop(): Promise<string>
}

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
  const child = spawn(process.execPath, ['runtime/main.ts', '--folder', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const written = Promise.all([text(child.stdout), text(child.stderr)])
  const ended = once(child, 'exit')
  const { host, port } = content.config.admin
  const inForce = async (name: string): Promise<void> => {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the gateway ended: ${(await written).join('')}`)
      const answer = await fetch(`http://${host}:${port}/readyz`).then(
        (response) => response.text(),
        () => '',
      )
      if (answer.includes('"refused"')) throw new Error(answer)
      if (answer.includes(`"generation":"${name}"`)) return
      await delay(20)
    }
  }
  await inForce(first)
  const end = async (signal: NodeJS.Signals): Promise<string> => {
    child.kill(signal)
    await ended
    await rm(folder, { recursive: true, force: true })
    return (await written).join('')
  }
  return {
    pid: child.pid ?? 0,
    async release(next) {
      const name = await write(next)
      child.kill('SIGHUP')
      await inForce(name)
    },
    async kill() {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
  }
}
