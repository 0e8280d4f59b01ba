import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { killQuietly } from '../../support/provider/program.ts'

const name = 'pulumi-resource-gatewright-native'
const provider = fileURLToPath(new URL('../../../infra/provider/', import.meta.url))
const launcher = join(provider, name)
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatewright-launcher-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('launcher', () => {
  it('prints a port first, and the provider exits when who started it is killed', async () => {
    const engine = spawn('/bin/sh', ['-c', '"$0" & echo "pid $!"; wait', launcher], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    engine.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    while (!/^\d+$/m.test(output)) await once(engine.stdout, 'data')
    const [, pid] = /^pid (\d+)$/m.exec(output) ?? []
    expect(Number(/^\d+$/m.exec(output)?.[0])).toBeGreaterThan(1023)
    engine.kill('SIGKILL')
    // The provider holds the other end of the pipe, so its end is the pipe's end.
    await once(engine.stdout, 'end')
    killQuietly(Number(pid))
  })

  it('says what to do when Node is too old', async () => {
    const place = join(folder, 'infra', 'provider')
    const node = join(folder, 'bin', 'node')
    const disguise = join(folder, 'disguise.mjs')
    await Promise.all([mkdir(place, { recursive: true }), mkdir(join(folder, 'bin'))])
    for (const file of [name, 'start.mjs']) await copyFile(join(provider, file), join(place, file))
    await writeFile(disguise, "Object.defineProperty(process, 'versions', { value: { node: '24.18.3' } })\n")
    await writeFile(node, `#!/bin/sh\nexec '${process.execPath}' --import '${disguise}' "$@"\n`)
    await chmod(node, 0o755)
    const child = spawn(join(place, name), { env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` } })
    const [said] = (await once(child.stderr, 'data')) as [Buffer]
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(1)
    expect(said.toString()).toBe(
      `gatewright-native needs Node 24.19 or newer, ${process.execPath} is v24.18.3: run "npm install" in the project, which brings one.\n`,
    )
  })

  it('keeps what Node compiles apart from what Pulumi’s program keeps, whose flags of V8 void it', async () => {
    const place = join(folder, 'infra', 'provider')
    const node = join(folder, 'bin', 'node')
    await Promise.all([mkdir(place, { recursive: true }), mkdir(join(folder, 'bin'))])
    await copyFile(join(provider, name), join(place, name))
    await writeFile(node, '#!/bin/sh\nprintf %s "$NODE_COMPILE_CACHE"\n')
    await chmod(node, 0o755)
    const PATH = `${join(folder, 'bin')}:/usr/bin:/bin`
    const folderFor = async (env: Record<string, string>) => {
      const child = spawn(join(place, name), { env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
      return text(child.stdout)
    }
    expect(await folderFor({ NODE_COMPILE_CACHE: '/kept' })).toBe('/kept/provider')
    expect(await folderFor({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/gatewright/node/provider')
    expect(await folderFor({ HOME: '/home/alice' })).toBe('/home/alice/.cache/gatewright/node/provider')
  })
})
