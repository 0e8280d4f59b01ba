import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { findStore, restoreStore } from '../../../bin/gateway-store/index.ts'
import { askReadiness, findRunning } from '../../../infra/provider/index.ts'
import { processType } from '../../../infra/provider/local/index.ts'
import type { Properties } from '../../../infra/provider/properties.ts'
import { backUpSqliteStore, openSqliteStore } from '../../../runtime/store/index.ts'
import { freePorts } from '../../support/ports.ts'
import { baseConfig, makeSecrets } from '../../support/release.ts'
import { session } from '../../runtime/store/contract/records.ts'

const GATEWAY = fileURLToPath(new URL('../../../runtime/main.ts', import.meta.url))
const call = { urn: 'urn:gateway', name: 'gateway-program', signal: AbortSignal.timeout(30_000) }

let project: string
let inputs: Properties
let backup: string
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'gatewright-restore-'))
  backup = join(project, 'backup.sqlite')
  const [listenPort = 0, adminPort = 0, appPort = 0] = await freePorts(3)
  const config = baseConfig({ listenPort, adminPort, appPort, issuer: 'http://127.0.0.1:9/' })
  const wanted = {
    folder: join(project, '.gatewright/stacks/test/gateways/gateway'),
    command: [process.execPath, GATEWAY],
    restartOn: 'one bundle',
    config: JSON.parse(JSON.stringify(config)) as Properties,
    secrets: Object.fromEntries(makeSecrets(['acme'])),
    listen: [`127.0.0.1:${listenPort}`, `127.0.0.1:${adminPort}`],
    readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
  }
  inputs = processType.check(wanted).inputs
  await processType.create(call, inputs)
})
afterEach(async () => {
  await processType.delete(call, processType.plan(inputs, undefined))
  await rm(project, { recursive: true })
})

const place = () => findStore('test', { project, machine: join(project, 'none') })
const live = { ...session, createdAt: Date.now(), seenAt: Date.now(), expiresAt: Date.now() + 3_600_000 }

/** As the running gateway would: a file may have several processes. */
async function insertSession(id: string): Promise<void> {
  const store = openSqliteStore(place().file)
  await store.insertSession({ ...live, id })
  await store.close()
}

async function hasSession(id: string): Promise<boolean> {
  const store = openSqliteStore(place().file)
  const found = await store.findSession(id)
  await store.close()
  return found !== undefined
}

describe('restoring', () => {
  it('stops the gateway for a moment, and starts it as it was', async () => {
    await insertSession('before')
    await backUpSqliteStore(place().file, backup)
    await insertSession('after')
    const pid = (await findRunning(place().folder))?.pid
    const { former, restarted, summary } = await restoreStore(backup, place(), 'kept')
    expect(restarted).toBe(true)
    expect(summary.sessions).toBe(1)
    expect([await hasSession('before'), await hasSession('after')]).toEqual([true, false])
    expect(former).toContain('gateway.sqlite.before-')
    expect((await findRunning(place().folder))?.pid).not.toBe(pid)
    expect(await askReadiness(place().readyUrl)).toMatchObject({ status: 'ready' })
    const state = processType.plan(inputs, undefined)
    expect(await processType.diff({ urn: call.urn, state, oldInputs: inputs, newInputs: inputs })).toEqual([])
  })

  it('from what is no backup does not stop the gateway', async () => {
    await insertSession('before')
    await writeFile(backup, 'no backup')
    const pid = (await findRunning(place().folder))?.pid
    await expect(restoreStore(backup, place(), 'ended')).rejects.toMatchObject({ code: 'store_unfit' })
    await expect(restoreStore(`${backup}.gone`, place(), 'ended')).rejects.toMatchObject({
      code: 'store_unusable',
      message: expect.stringContaining('is not there'),
    })
    expect((await findRunning(place().folder))?.pid).toBe(pid)
    expect(await hasSession('before')).toBe(true)
    expect((await readdir(place().folder)).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

describe('finding the store', () => {
  it('says where it has looked', () => {
    expect(() => findStore('other', { project, machine: join(project, 'none') })).toThrow(
      expect.objectContaining({ code: 'store_not_found', message: expect.stringContaining(join(project, 'none')) }),
    )
  })

  it('sends to the database those who have one', async () => {
    const config = { ...(inputs['config'] as Properties), store: 'postgres' }
    await writeFile(join(place().folder, 'current', 'config.json'), JSON.stringify(config))
    expect(place).toThrow(expect.objectContaining({ code: 'store_elsewhere' }))
  })
})
