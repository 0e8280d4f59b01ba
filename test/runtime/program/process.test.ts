import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import { freePorts } from '../../support/ports.ts'
import { baseConfig, writeRelease } from '../../support/release.ts'

/** The gateway as a process of its own, with its log going to a file. */
async function startProcess(logFile: string) {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-program-'))
  const [listenPort = 0, adminPort = 0, appPort = 0] = await freePorts(3)
  await writeRelease(folder, baseConfig({ listenPort, adminPort, appPort, issuer: 'http://idp.gw.localhost:9' }))
  const log = await open(logFile, 'w')
  const child = spawn(process.execPath, ['runtime/main.ts', '--folder', folder], { stdio: ['ignore', log.fd, 'pipe'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await log.close()
    await rm(folder, { recursive: true })
  })
  const readyz = () => fetch(`http://127.0.0.1:${adminPort}/readyz`)
  await expect
    .poll(
      () =>
        readyz().then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 10_000 },
    )
    .toBe(200)
  return { child, readyz, url: `http://127.0.0.1:${listenPort}/` }
}

it('goes on when its log cannot be written, and still ends when asked to', async () => {
  const { child, readyz, url } = await startProcess('/dev/full')
  for (let request = 0; request < 50; request += 1) expect((await fetch(url)).status).toBe(421)
  expect(await (await readyz()).json()).toEqual({ status: 'ready', generation: 'g1' })
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
})
