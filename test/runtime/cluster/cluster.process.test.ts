import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { freePorts } from '../../support/ports.ts'
import { baseConfig, writeRelease } from '../../support/release.ts'

const PATIENCE = { timeout: 20_000 }

interface Echo {
  pid: number
  generation: string
}

async function startEcho(change: (config: RuntimeConfig) => void = () => undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-cluster-'))
  const [listenPort = 0, adminPort = 0] = await freePorts(2)
  const config = baseConfig({ listenPort, adminPort, appPort: 9, issuer: 'http://idp.gw.localhost:9' })
  config.workers = 2
  change(config)
  await writeRelease(folder, config)
  const args = [join(import.meta.dirname, 'echo-program.ts'), '--folder', folder]
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
    await rm(folder, { recursive: true })
  })
  const url = `http://127.0.0.1:${listenPort}`
  const admin = `http://127.0.0.1:${adminPort}`
  const ask = async (path = '/'): Promise<Echo> =>
    (await fetch(url + path, { headers: { connection: 'close' } })).json() as Promise<Echo>
  const readiness = () =>
    fetch(`${admin}/readyz`).then(
      async (response) => ({ http: response.status, ...((await response.json()) as object) }),
      () => ({ http: 0 }),
    )
  /** Who answers, over several connections. */
  const answering = async (): Promise<Set<number>> => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask().catch(() => ({ pid: 0 }))))
    return new Set(answers.map(({ pid }) => pid))
  }
  return { child, exited, folder, config, url, admin, ask, readiness, answering, output: () => output }
}

async function startReadyEcho(change?: (config: RuntimeConfig) => void) {
  const echo = await startEcho(change)
  await expect.poll(echo.readiness, PATIENCE).toMatchObject({ http: 200 })
  return echo
}

async function reload(echo: Awaited<ReturnType<typeof startEcho>>, generation: string, name: string, workers = 2) {
  const config = structuredClone(echo.config)
  config.workers = workers
  const brand = config.brands['default']
  if (brand) brand.name = name
  await writeRelease(echo.folder, config, generation)
  echo.child.kill('SIGHUP')
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

it('answers by as many processes as its configuration says, none of them the first', async () => {
  const { answering, child } = await startReadyEcho()
  await expect.poll(async () => (await answering()).size, PATIENCE).toBe(2)
  expect(await answering()).not.toContain(child.pid)
})

it('answers by itself where one process is enough', async () => {
  const { answering, child } = await startReadyEcho((config) => (config.workers = 1))
  expect([...(await answering())]).toEqual([child.pid])
})

it('puts a release in force everywhere or nowhere', async () => {
  const echo = await startReadyEcho()
  await reload(echo, 'g2', 'fine')
  await expect.poll(echo.readiness, PATIENCE).toEqual({ http: 200, status: 'ready', generation: 'g2' })
  for (const [generation, name] of [
    ['g3', 'refused'],
    ['g4', 'refused later'],
  ] as const) {
    await reload(echo, generation, name)
    await expect
      .poll(echo.readiness, PATIENCE)
      .toMatchObject({ http: 200, generation: 'g2', refused: { generation, error: `it is ${name}` } })
    const answers = await Promise.all(Array.from({ length: 8 }, () => echo.ask()))
    expect(answers.map((answer) => answer.generation)).toEqual(Array(8).fill('g2'))
  }
  await reload(echo, 'g5', 'fine', 3)
  await expect
    .poll(echo.readiness, PATIENCE)
    .toMatchObject({ generation: 'g2', refused: { error: 'workers can only be changed by a restart' } })
})

it('refuses a release that ends a worker, and replaces that with the release in force', async () => {
  const echo = await startReadyEcho()
  await reload(echo, 'g2', 'fatal')
  await expect.poll(echo.readiness, PATIENCE).toMatchObject({ generation: 'g1', refused: { generation: 'g2' } })
  await expect.poll(async () => (await echo.answering()).size, PATIENCE).toBe(2)
  expect((await echo.ask()).generation).toBe('g1')
})

it('replaces a worker that dies while the others answer', async () => {
  const echo = await startReadyEcho()
  let before = new Set<number>()
  await expect.poll(async () => (before = await echo.answering()).size, PATIENCE).toBe(2)
  await echo.ask('/crash').catch(() => undefined)
  await expect
    .poll(async () => [...(await echo.answering())].filter((pid) => pid !== 0 && !before.has(pid)).length, PATIENCE)
    .toBe(1)
  const metrics = await (await fetch(`${echo.admin}/metrics`)).text()
  expect(metrics).toContain('gatewright_worker_exits_total 1')
  expect(metrics).toContain('gatewright_workers 2')
})

it('ends with an error when its workers die at the start', async () => {
  const { exited, output } = await startEcho((config) => {
    const brand = config.brands['default']
    if (brand) brand.name = 'fatal'
  })
  expect(await exited).toEqual([1, null])
  expect(output()).toContain('Cannot start')
})

it('lets what runs finish in all workers at SIGTERM, and leaves no process', async () => {
  const echo = await startReadyEcho()
  const pids = await echo.answering()
  const slow = Promise.all([echo.ask('/slow'), echo.ask('/slow')])
  await expect
    .poll(async () => (await fetch(`${echo.admin}/metrics`)).text(), PATIENCE)
    .toContain('gatewright_requests_in_flight{route="echo"} 2')
  echo.child.kill('SIGTERM')
  expect(await slow).toHaveLength(2)
  expect(await echo.exited).toEqual([0, null])
  expect([...pids].filter(isAlive)).toEqual([])
})

it('leaves no worker behind when the first process is killed', async () => {
  const echo = await startReadyEcho()
  const pids = await echo.answering()
  echo.child.kill('SIGKILL')
  await expect.poll(() => [...pids].filter(isAlive), PATIENCE).toEqual([])
})

it('adds up what all workers count, and does not forget those that have ended', async () => {
  const echo = await startReadyEcho()
  for (let request = 0; request < 20; request += 1) await echo.ask()
  const count = async () => {
    const text = await (await fetch(`${echo.admin}/metrics`)).text()
    return Number(/gatewright_request_duration_seconds_count\{route="echo"\} (?<n>\d+)/.exec(text)?.groups?.['n'])
  }
  await expect.poll(count, PATIENCE).toBe(20)
  await echo.ask('/crash').catch(() => undefined)
  await expect.poll(async () => echo.output().includes('A worker was replaced'), PATIENCE).toBe(true)
  expect(await count()).toBeGreaterThanOrEqual(20)
})

it('writes lines of all workers whole, however long they are', async () => {
  const echo = await startReadyEcho()
  await Promise.all(Array.from({ length: 40 }, () => echo.ask('/log')))
  const lines = () => echo.output().split('\n').filter(Boolean)
  await expect.poll(() => lines().filter((line) => line.includes('A long line')).length, PATIENCE).toBe(40)
  for (const line of lines()) expect(() => JSON.parse(line)).not.toThrow()
})
