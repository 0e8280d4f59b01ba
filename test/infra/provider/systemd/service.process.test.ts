import { statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Properties } from '../../../../infra/provider/properties.ts'
import { renderEnvironment, renderUnit, serviceType, unitPath } from '../../../../infra/provider/systemd/index.ts'
import { bundleSource, nodeFlags } from '../../../../infra/targets/index.ts'
import { freePorts } from '../../../support/ports.ts'
import { baseConfig, makeSecrets } from '../../../support/release.ts'
import { type Conversation, type Machine, startMachine } from '../../../support/systemd/index.ts'
import type { Outcome, Task } from '../../../support/systemd/verb.ts'

/** Runs on the machine, which has the project where this one has it. */
const VERB = fileURLToPath(new URL('../../../support/systemd/verb.ts', import.meta.url))

const UNIT = 'gatewright-test'
const FOLDER = '/var/lib/gatewright/test/gateway'
const PROGRAMS = '/opt/gatewright/test/gateway'

let machine: Machine
let service: Conversation
let base: Properties
let adminPort: number
beforeAll(async () => {
  machine = await startMachine()
  service = await machine.converse(process.execPath, VERB)
  await writeFile(join(machine.shared, 'gateway.mjs'), await bundleSource('gateway'))
  const [listenPort = 0, port = 0, appPort = 0] = await freePorts(3)
  adminPort = port
  const config = baseConfig({ listenPort, adminPort, appPort, issuer: 'http://127.0.0.1:9/' })
  const inputs = {
    unit: UNIT,
    user: 'gatewright',
    folder: FOLDER,
    programs: PROGRAMS,
    executables: { node: process.execPath, 'gateway.mjs': join(machine.shared, 'gateway.mjs') },
    unitFile: unitWith('workers: 1'),
    environmentFile: renderEnvironment({ GREETING: 'it\'s "$HOME" \\ 100%' }),
    config: JSON.parse(JSON.stringify(config)) as Properties,
    secrets: Object.fromEntries(makeSecrets(['acme'])),
    listen: [`127.0.0.1:${listenPort}`, `127.0.0.1:${adminPort}`],
    readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
    readyTimeoutSeconds: 15,
  }
  const checked = serviceType.check(inputs)
  if (checked.failures.length > 0) throw new Error(JSON.stringify(checked.failures))
  base = checked.inputs
})
afterAll(() => machine.stop())

function unitWith(fixed: string, owner = 'project gatewright, stack test'): string {
  const command = [join(PROGRAMS, 'node'), ...nodeFlags('gateway'), join(PROGRAMS, 'gateway.mjs')]
  const description = 'Gatewright (100% test)'
  const parts = { unit: UNIT, owner, description, fixed: [fixed], user: 'gatewright' }
  return renderUnit({ ...parts, folder: FOLDER, command, ports: [8400, 8401] })
}

async function ask(verb: Task['verb'], task: Partial<Omit<Task, 'verb'>>): Promise<Outcome> {
  return JSON.parse(
    await service.ask(JSON.stringify({ verb, inputs: {}, state: {}, oldInputs: {}, ...task })),
  ) as Outcome
}

const stateOf = (inputs: Properties) => serviceType.plan(inputs, undefined)
const shown = async (property: string) =>
  (await machine.run('systemctl', 'show', '--value', `--property=${property}`, UNIT)).trim()
const readiness = async () =>
  (await (await fetch(`http://127.0.0.1:${adminPort}/readyz`)).json()) as { generation: string }
const modeOf = (path: string) => (statSync(machine.path(path)).mode & 0o7777).toString(8)
const ownersOf = async (path: string) => (await machine.run('stat', '--format=%U:%G', path)).trim()

function withConfig(inputs: Properties, change: Properties): Properties {
  return { ...inputs, config: { ...(inputs['config'] as Properties), ...change } }
}

describe('a service', () => {
  beforeEach(async () => {
    const { code, message } = await ask('create', { inputs: base })
    if (code !== undefined) throw new Error(`${code}: ${message}`)
  })

  it('runs as an account that may read its configuration and change nothing but its data', async () => {
    expect([await shown('ActiveState'), await shown('UnitFileState')]).toEqual(['active', 'enabled'])
    expect((await readiness()).generation).toBe(stateOf(base)['generation'])
    const pid = await shown('MainPID')
    const status = await machine.run('cat', `/proc/${pid}/status`)
    const uid = await machine.run('id', '--user', 'gatewright')
    expect(status).toMatch(new RegExp(`^Uid:\\s+${uid.trim()}\\s`, 'm'))
    expect(status).toMatch(/^CapEff:\s+0+$/m)
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
    expect(await machine.run('cat', `/proc/${pid}/environ`)).toContain('GREETING=it\'s "$HOME" \\ 100%\0')
    expect(await machine.run('getent', 'passwd', 'gatewright')).toMatch(/:\/usr\/sbin\/nologin\n$/)

    const secret = `${FOLDER}/current/secrets/sealing-key.k1`
    expect([modeOf(FOLDER), await ownersOf(FOLDER)]).toEqual(['750', 'root:gatewright'])
    expect([modeOf(secret), await ownersOf(secret)]).toEqual(['640', 'root:gatewright'])
    expect([modeOf(`${FOLDER}/data`), await ownersOf(`${FOLDER}/data`)]).toEqual(['700', 'gatewright:gatewright'])
    expect(await ownersOf(`${FOLDER}/data/gateway.sqlite`)).toBe('gatewright:gatewright')
    expect([modeOf(`${PROGRAMS}/node`), await ownersOf(`${PROGRAMS}/node`)]).toEqual(['755', 'root:root'])
    expect(modeOf('/etc/gatewright/gatewright-test.env')).toBe('600')
    await expect(machine.run('runuser', '-u', 'nobody', '--', 'ls', FOLDER)).rejects.toThrow('Permission denied')
  })

  it('is a unit that systemd has nothing against, and is well shut in', async () => {
    expect(await machine.run('systemd-analyze', 'verify', unitPath(UNIT))).toBe('')
    const report = await machine.run('systemd-analyze', 'security', '--no-pager', UNIT)
    expect(Number(/Overall exposure level for .*: ([\d.]+)/.exec(report)?.[1])).toBeLessThan(2)
  })

  it('writes to the journal', async () => {
    const journal = await machine.run('journalctl', '--no-pager', '--output=cat', `_PID=${await shown('MainPID')}`)
    expect(journal).toContain('"msg":"Ready"')
  })

  it('is left alone by a second deployment of the same', async () => {
    const pid = await shown('MainPID')
    expect((await ask('update', { inputs: base, state: stateOf(base) })).code).toBeUndefined()
    expect((await ask('diff', { inputs: base, oldInputs: base, state: stateOf(base) })).result).toEqual([])
    expect(await shown('MainPID')).toBe(pid)
  })

  it('reads new settings without a restart', async () => {
    const pid = await shown('MainPID')
    const next = withConfig(base, { trustedProxies: ['10.0.0.0/8'] })
    expect((await ask('update', { inputs: next, state: stateOf(base) })).code).toBeUndefined()
    expect((await readiness()).generation).toBe(stateOf(next)['generation'])
    expect(await shown('MainPID')).toBe(pid)
  })

  it('goes on with what it has when it refuses new settings', async () => {
    const pid = await shown('MainPID')
    const broken = withConfig(base, { keys: { signing: ['gone'], sealing: ['k1'] } })
    const { code, message } = await ask('update', { inputs: broken, state: stateOf(base) })
    expect(code).toBe('reload_refused')
    expect(message).toContain('signing-key.gone')
    expect(await shown('MainPID')).toBe(pid)
    expect(await readiness()).toEqual({ status: 'ready', generation: stateOf(base)['generation'] })
  })

  it('is restarted for another unit', async () => {
    const pid = await shown('MainPID')
    const next = { ...base, unitFile: unitWith('workers: 2') }
    expect((await ask('update', { inputs: next, state: stateOf(base) })).code).toBeUndefined()
    expect(await shown('MainPID')).not.toBe(pid)
    expect(await shown('NeedDaemonReload')).toBe('no')
  })

  it('comes back by itself when it dies', async () => {
    const pid = await shown('MainPID')
    await machine.run('kill', '-KILL', pid)
    await vi.waitFor(
      async () => {
        expect([pid, '0']).not.toContain(await shown('MainPID'))
        expect(await readiness()).toMatchObject({ status: 'ready' })
      },
      { timeout: 10_000, interval: 100 },
    )
  })

  it.each<[string, string[], string[]]>([
    ['was edited by hand', ['sh', '-c', `sed -i s/ProtectHome=yes/ProtectHome=no/ ${unitPath(UNIT)}`], ['unitFile']],
    ['was disabled', ['systemctl', 'disable', UNIT], ['enabled']],
    ['was stopped', ['systemctl', 'stop', UNIT], ['running']],
    ['lost its unit', ['rm', unitPath(UNIT)], ['unitFile', 'running']],
    ['lost its Node', ['rm', `${PROGRAMS}/node`], ['executables']],
  ])('that %s is seen, and put right', async (_, command, drifted) => {
    await machine.run(...(command as [string, ...string[]]))
    const state = stateOf(base)
    const { result } = await ask('read', { state, oldInputs: base })
    const { inputs, outputs } = result as { inputs: Properties; outputs: Properties }
    for (const name of drifted) expect([name, inputs[name]]).not.toEqual([name, base[name]])
    expect((await ask('update', { inputs: base, state: outputs })).code).toBeUndefined()
    const again = (await ask('read', { state, oldInputs: base })).result
    expect(again).toEqual({ inputs: base, outputs: state })
  })

  it('is backed up while it runs, and restored by its administrator, its files still its account’s own', async () => {
    const file = join(machine.shared, 'backup.sqlite')
    const bin = (command: string, ...args: string[]) =>
      machine.run(process.execPath, fileURLToPath(new URL(`../../../../bin/${command}.ts`, import.meta.url)), ...args)
    expect(await bin('backup', 'test', file)).toContain('0 accounts and 0 sessions')
    const pid = await shown('MainPID')
    await expect(bin('restore', 'test', file)).rejects.toThrow('add --yes')
    expect(await shown('MainPID')).toBe(pid)
    expect(await bin('restore', 'test', file, '--yes')).toContain('The gateway runs again.')
    expect(await shown('MainPID')).not.toBe(pid)
    expect(await readiness()).toEqual({ status: 'ready', generation: stateOf(base)['generation'] })
    const files = await machine.run('find', `${FOLDER}/data`, '-type', 'f', '-printf', '%u %m %f\n')
    for (const line of files.trim().split('\n')) expect(line).toMatch(/^gatewright 600 /)
    expect(files).toContain('gateway.sqlite.before-')
  })

  it('that died is seen by a plain preview', async () => {
    await machine.run('systemctl', 'stop', UNIT)
    const { result } = await ask('diff', { inputs: base, oldInputs: base, state: stateOf(base) })
    expect(result).toEqual([{ path: ['running'], kind: 'add', replaces: false }])
  })
})

describe('a service that is removed', () => {
  it('leaves nothing but its account', async () => {
    await ask('create', { inputs: base })
    expect((await ask('delete', { state: stateOf(base) })).code).toBeUndefined()
    expect(await shown('LoadState')).toBe('not-found')
    for (const path of ['/var/lib/gatewright', '/opt/gatewright', '/etc/gatewright', unitPath(UNIT)]) {
      expect(() => statSync(machine.path(path))).toThrow('ENOENT')
    }
    expect((await ask('read', { state: stateOf(base), oldInputs: base })).result).toBe('gone')
    expect((await ask('delete', { state: stateOf(base) })).code).toBeUndefined()
  })
})

describe('a service that cannot be', () => {
  it('does not take the place of a unit of somebody else', async () => {
    const theirs = machine.path(unitPath(UNIT))
    await writeFile(theirs, '[Service]\nExecStart=/bin/true\n')
    const { code, message } = await ask('create', { inputs: base })
    expect(code).toBe('unit_not_ours')
    expect(message).toContain(unitPath(UNIT))
    expect(await readFile(theirs, 'utf8')).toBe('[Service]\nExecStart=/bin/true\n')
    expect(() => statSync(machine.path(FOLDER))).toThrow('ENOENT')
    await machine.run('rm', unitPath(UNIT))
  })

  it('does not take the place of another project’s', async () => {
    await ask('create', { inputs: base })
    const pid = await shown('MainPID')
    const theirs = { ...base, unitFile: unitWith('workers: 1', 'project other, stack test') }
    expect((await ask('create', { inputs: theirs })).code).toBe('unit_not_ours')
    expect((await ask('delete', { state: stateOf(theirs) })).code).toBe('unit_not_ours')
    expect(await shown('MainPID')).toBe(pid)
    expect((await ask('delete', { state: stateOf(base) })).code).toBeUndefined()
  })

  it('does not run as root', async () => {
    const { code } = await ask('create', { inputs: { ...base, user: 'root' } })
    expect(code).toBe('user_unfit')
    expect(() => statSync(machine.path(FOLDER))).toThrow('ENOENT')
  })

  it('is stopped, not enabled, and told of by its last words', async () => {
    const broken = withConfig(base, { keys: { signing: ['gone'], sealing: ['k1'] } })
    const { code, message, outputs } = await ask('create', { inputs: broken })
    expect(code).toBe('not_ready')
    expect(message).toContain('the secret signing-key.gone is missing')
    expect(outputs).toMatchObject({ running: false })
    expect([await shown('ActiveState'), await shown('UnitFileState')]).toEqual(['inactive', 'disabled'])
    expect((await ask('update', { inputs: base, state: outputs ?? {} })).code).toBeUndefined()
    expect((await readiness()).generation).toBe(stateOf(base)['generation'])
    await ask('delete', { state: stateOf(base) })
  })

  it('goes on being tried where it has come up before', async () => {
    await ask('create', { inputs: base })
    const other = withConfig(base, { keys: { signing: ['gone'], sealing: ['k1'] } })
    const broken = { ...other, unitFile: unitWith('workers: 2') }
    expect((await ask('update', { inputs: broken, state: stateOf(base) })).code).toBe('not_ready')
    expect(await shown('UnitFileState')).toBe('enabled')
    expect(await shown('ActiveState')).not.toBe('inactive')
    expect((await ask('update', { inputs: base, state: stateOf(base) })).code).toBeUndefined()
    expect((await readiness()).generation).toBe(stateOf(base)['generation'])
    await ask('delete', { state: stateOf(base) })
  })
})
