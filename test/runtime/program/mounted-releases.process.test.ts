import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { mountFiles } from '../../support/mounted-volume.ts'
import { freePorts } from '../../support/ports.ts'
import { baseConfig, makeSecrets } from '../../support/release.ts'

const SECRETS = Object.fromEntries([...makeSecrets(['acme'])].map(([name, value]) => [`secrets/${name}`, value]))

function filesOf({ registrations, ...config }: RuntimeConfig, generation: string): Record<string, string> {
  return {
    'config.json': JSON.stringify(config, undefined, 2),
    'config/registrations.json': JSON.stringify(registrations),
    generation,
    ...SECRETS,
  }
}

/** The gateway as in a pod: its release in a volume, and a folder for data that belongs to root and the pod's group. */
async function startInPod() {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-mounted-'))
  const [current, data] = [join(folder, 'current'), join(folder, 'data')]
  const [listenPort = 0, adminPort = 0, appPort = 0] = await freePorts(3)
  const config = {
    ...baseConfig({ listenPort, adminPort, appPort, issuer: 'http://idp.gw.localhost:9' }),
    listen: { host: '::', port: listenPort },
  }
  await mkdir(current)
  await mkdir(data)
  await chmod(data, 0o2775)
  const payload = await mountFiles(current, filesOf(config, 'g1'))
  // Only root can give a folder away; anybody else's test has one of its own.
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? { uid: 1_000, gid: 1_000 } : {}
  if (isRoot) {
    await chmod(folder, 0o755)
    await chown(data, 0, 1_000)
  }
  const child = spawn(process.execPath, ['runtime/main.ts', '--folder', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    ...user,
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  })
  const readiness = (): Promise<unknown> =>
    fetch(`http://127.0.0.1:${adminPort}/readyz`).then(
      (response) => response.json(),
      () => 'not there',
    )
  const mount = (next: RuntimeConfig, generation: string, former: string): Promise<string> =>
    mountFiles(current, filesOf(next, generation), former)
  return { child, config, data, isRoot, payload, mount, readiness }
}

it('a changed volume is taken up without a signal, and a wrong one is refused while the former stays in force', async () => {
  const { child, config, data, isRoot, payload, mount, readiness } = await startInPod()
  const becomes = async (expected: object): Promise<void> => {
    await expect.poll(readiness, { timeout: 10_000, interval: 50 }).toEqual(expected)
  }
  await becomes({ status: 'ready', generation: 'g1' })
  const { uid, mode } = await stat(data)
  expect({ uid, mode: mode & 0o7777 }).toEqual(isRoot ? { uid: 0, mode: 0o2775 } : { uid, mode: 0o2700 })

  const second = await mount({ ...config, routes: {} }, 'g2', payload)
  await becomes({ status: 'ready', generation: 'g2' })

  const third = await mount({ ...config, registrations: {} }, 'g3', second)
  const refused = { generation: 'g3', error: expect.any(String) as string }
  await becomes({ status: 'ready', generation: 'g2', refused })

  await mount(config, 'g4', third)
  await becomes({ status: 'ready', generation: 'g4' })
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
})
