import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, readlink, stat, writeFile, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { InitializationFailure } from '../../../../infra/provider/errors.ts'
import { findRunning } from '../../../../infra/provider/local/pid-file.ts'
import { processType } from '../../../../infra/provider/local/index.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import type { Found } from '../../../../infra/provider/resource-type.ts'
import { callFor } from '../../../support/provider/call.ts'
import { killQuietly, makeProgramPlace, type ProgramPlace } from '../../../support/provider/program.ts'

const call = callFor('gateway')
describe.concurrent('create', { timeout: 20_000 }, () => {
  it('starts the program with its release, readable by its owner alone', async () => {
    await using place = await makeProgramPlace()
    const { id, outputs } = await processType.create(call, place.inputs())
    expect(id).toBe('gateway')
    expect(outputs).toMatchObject({ running: true, generation: await readyGeneration(place) })
    const current = join(place.folder, 'current')
    expect(await readlink(current)).toBe(`releases/${await readyGeneration(place)}`)
    expect(await modeOf(join(current, 'secrets', 'token'))).toBe(0o600)
    expect(await modeOf(join(current, 'secrets'))).toBe(0o700)
    expect(await modeOf(join(place.folder, 'output.log'))).toBe(0o600)
    expect(await modeOf(place.folder)).toBe(0o700)
  })

  it('puts no secret into the arguments, and none of our environment into that of the program', async () => {
    await using place = await makeProgramPlace()
    process.env['PULUMI_CONFIG_PASSPHRASE'] = 'passphrase-of-the-operator'
    await processType.create(call, place.inputs())
    delete process.env['PULUMI_CONFIG_PASSPHRASE']
    const command = spawn('ps', ['-ww', '-o', 'args=', '-p', String(await place.pid())])
    const [args] = (await once(command.stdout, 'data')) as [Buffer]
    expect(args.toString()).toContain(`--folder ${place.folder}`)
    expect(args.toString()).not.toContain(place.token)
    const environment = await (await fetch(`http://127.0.0.1:${place.port}/environment`)).text()
    expect(environment).toContain('PATH')
    expect(environment).not.toContain('passphrase-of-the-operator')
  })

  it('runs one process when two creates come at once', async () => {
    await using place = await makeProgramPlace()
    const both = await Promise.all([0, 1].map(() => processType.create(call, place.inputs())))
    expect(both[0]).toEqual(both[1])
    const log = await readFile(join(place.folder, 'output.log'), 'utf8')
    expect(log.match(/started with/g)).toHaveLength(1)
  })

  it('adopts the process of a deployment that died before the state was written', async () => {
    await using place = await makeProgramPlace()
    await processType.create(call, place.inputs())
    const pid = await place.pid()
    const { outputs } = await processType.create(call, place.inputs({ config: { say: 'changed' } }))
    expect(await place.pid()).toBe(pid)
    expect(await readyGeneration(place)).toBe(outputs['generation'])
  })

  it.for<[string, () => Promise<number>]>([
    ['of a dead process', deadPid],
    ['of a stranger that was given the same pid', async () => process.pid],
  ])('replaces a pid file %s, and leaves that process alone', async ([, pidOf]) => {
    await using place = await makeProgramPlace()
    await mkdir(join(place.folder, 'releases'), { recursive: true })
    await writeFile(join(place.folder, 'pid'), `${await pidOf()}\n`)
    await processType.create(call, place.inputs())
    expect(await place.pid()).not.toBe(process.pid)
    expect(await readyGeneration(place)).not.toBe('')
  })

  it('names a taken port with its owner, and starts nothing', async () => {
    await using place = await makeProgramPlace()
    const squatter = createServer().listen(place.port, '127.0.0.1')
    await once(squatter, 'listening')
    const failure = await processType.create(call, place.inputs()).catch((error: unknown) => error)
    squatter.close()
    expect(failure).toMatchObject({ code: 'port_taken' })
    expect(String(failure)).toContain(`127.0.0.1:${place.port} is taken by process ${process.pid} (`)
    expect(await readdir(place.root)).toEqual([])
  })

  it('takes an address over from a program that belongs with it', async () => {
    await using place = await makeProgramPlace()
    await processType.create(call, place.inputs())
    const renamed = place.inputs({ folder: join(place.root, 'renamed'), siblings: place.root })
    await processType.create(call, renamed)
    expect(await findRunning(join(place.root, 'renamed'))).toBeDefined()
    expect(await findRunning(place.folder)).toBeUndefined()
    await processType.delete(call, { ...renamed, running: true, generation: '' })
  })

  it('refuses a folder that holds something else, as a destroy would remove it', async () => {
    await using place = await makeProgramPlace()
    await writeFile(join(place.root, 'letter.txt'), 'dear diary')
    const failing = processType.create(call, place.inputs({ folder: place.root }))
    await expect(failing).rejects.toMatchObject({ code: 'folder_not_ours' })
    expect(await readdir(place.root)).toEqual(['letter.txt'])
  })

  it('shows the end of the log of a program that ends, without its secrets, and keeps the folder', async () => {
    await using place = await makeProgramPlace()
    const failure = await processType
      .create(call, place.inputs({ config: { broken: 'exit', say: 'out of luck' } }))
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InitializationFailure)
    expect(failure).toMatchObject({ id: 'gateway', outputs: { running: false }, cause: { code: 'not_ready' } })
    expect(String(failure)).toContain('started with [secret]\nout of luck')
    expect(String(failure)).toContain(join(place.folder, 'output.log'))
    expect(String(failure)).not.toContain(place.token)
  })

  it('ends a program that does not become ready in time', async () => {
    await using place = await makeProgramPlace()
    const inputs = place.inputs({ config: { broken: 'deaf' }, readyTimeoutSeconds: 0.3 })
    const failing = processType.create(call, inputs)
    await expect(failing).rejects.toMatchObject({ cause: { code: 'not_ready' } })
    await expect(place.pid()).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(fetch(`http://127.0.0.1:${place.port}/`)).rejects.toThrow('fetch failed')
  })
})

describe.concurrent('read', { timeout: 20_000 }, () => {
  it('finds nothing new where nothing has happened', async () => {
    await using place = await makeProgramPlace()
    const inputs = place.inputs()
    const { outputs } = await processType.create(call, inputs)
    expect(await processType.read(call, 'gateway', outputs, inputs)).toEqual({ inputs, outputs })
  })

  it('sees a dead process, and the diff starts it in place', async () => {
    await using place = await makeProgramPlace()
    const inputs = place.inputs()
    const { outputs } = await processType.create(call, inputs)
    const pid = await place.pid()
    process.kill(pid, 'SIGKILL')
    const found = await readFound(outputs, inputs)
    expect(found.outputs['running']).toBe(false)
    const request = { urn: call.urn, state: found.outputs, oldInputs: found.inputs, newInputs: inputs }
    expect(await processType.diff(request)).toEqual([{ path: ['running'], kind: 'update', replaces: false }])
    expect(await processType.update(call, 'gateway', found.outputs, inputs)).toEqual(outputs)
    expect(await place.pid()).not.toBe(pid)
  })

  it('sees a configuration that was edited by hand, and an update puts it right', async () => {
    await using place = await makeProgramPlace()
    const inputs = place.inputs()
    const { outputs } = await processType.create(call, inputs)
    const file = join(place.folder, 'current', 'config.json')
    await writeFile(file, JSON.stringify({ port: place.port, say: 'edited' }))
    const found = await readFound(outputs, inputs)
    expect(found.inputs['config']).toEqual({ port: place.port, say: 'edited' })
    await processType.update(call, 'gateway', found.outputs, inputs)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ port: place.port })
  })

  it('says gone only when there is no folder', async () => {
    await using place = await makeProgramPlace()
    const inputs = place.inputs()
    const { outputs } = await processType.create(call, inputs)
    await processType.delete(call, outputs)
    expect(await processType.read(call, 'gateway', outputs, inputs)).toBe('gone')
  })
})

describe.concurrent('diff', { timeout: 20_000 }, () => {
  /** Of a preview that has read nothing. */
  const diff = (outputs: Properties, inputs: Properties, change: Properties = {}) =>
    processType.diff({ urn: call.urn, state: outputs, oldInputs: inputs, newInputs: { ...inputs, ...change } })
  const start = { path: ['running'], kind: 'add', replaces: false }

  it('finds nothing where nothing has happened', async () => {
    await using place = await makeProgramPlace()
    const inputs = place.inputs()
    const { outputs } = await processType.create(call, inputs)
    expect(await diff(outputs, inputs)).toEqual([])
  })

  it('sees a dead process beside what the program changes', async () => {
    await using place = await makeProgramPlace()
    const inputs = place.inputs()
    const { outputs } = await processType.create(call, inputs)
    process.kill(await place.pid(), 'SIGKILL')
    await expect.poll(() => diff(outputs, inputs)).toEqual([start])
    expect(await diff(outputs, inputs, { restartOn: 'new' })).toEqual([
      { path: ['restartOn'], kind: 'update', replaces: false },
      start,
    ])
  })

  it('sees files that were changed by hand, and a folder that is gone', async () => {
    await using place = await makeProgramPlace()
    const inputs = place.inputs()
    const { outputs } = await processType.create(call, inputs)
    await writeFile(join(place.folder, 'current', 'secrets', 'token'), 'somebody-elses-token')
    expect(await diff(outputs, inputs)).toEqual([start])
    await processType.delete(call, outputs)
    expect(await diff(outputs, inputs)).toEqual([start])
    expect(await processType.update(call, 'gateway', outputs, inputs)).toEqual(outputs)
  })
})

describe.concurrent('update', { timeout: 20_000 }, () => {
  it('reloads new config and secrets in the running process, and removes the old release', async () => {
    await using place = await makeProgramPlace()
    const { outputs } = await processType.create(call, place.inputs())
    const pid = await place.pid()
    const inputs = place.inputs({ config: { say: 'new' }, secrets: { token: 'another-secret-token' } })
    const updated = await processType.update(call, 'gateway', outputs, inputs)
    expect(await place.pid()).toBe(pid)
    expect(await readyGeneration(place)).toBe(updated['generation'])
    expect(await readdir(join(place.folder, 'releases'))).toEqual([updated['generation']])
  })

  it('goes back to the old release when the program refuses the new one, as often as one tries', async () => {
    await using place = await makeProgramPlace()
    const { outputs } = await processType.create(call, place.inputs())
    const pid = await place.pid()
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const refusing = processType.update(call, 'gateway', outputs, place.inputs({ config: { broken: 'refuse' } }))
      await expect(refusing).rejects.toMatchObject({
        code: 'reload_refused',
        message: expect.stringContaining('not valid: [secret]'),
      })
      expect(await readdir(join(place.folder, 'releases'))).toEqual([outputs['generation']])
    }
    expect(await place.pid()).toBe(pid)
    expect(await processType.read(call, 'gateway', outputs, place.inputs())).toMatchObject({ outputs })
  })

  it('restarts gracefully for a new bundle', async () => {
    await using place = await makeProgramPlace()
    const { outputs } = await processType.create(call, place.inputs())
    const pid = await place.pid()
    await processType.update(call, 'gateway', outputs, place.inputs({ restartOn: 'bundle-2' }))
    expect(await place.pid()).not.toBe(pid)
    expect(await readFile(join(place.folder, 'data', 'ended'), 'utf8')).toBe('gracefully')
  })

  it('moves the folder with its data', async () => {
    await using place = await makeProgramPlace()
    const { outputs } = await processType.create(call, place.inputs())
    await writeFile(join(place.folder, 'data', 'sessions'), 'kept')
    const folder = join(place.root, 'elsewhere', 'gateway')
    const updated = await processType.update(call, 'gateway', outputs, place.inputs({ folder }))
    expect(updated).toMatchObject({ folder, running: true })
    expect(await readFile(join(folder, 'data', 'sessions'), 'utf8')).toBe('kept')
    expect(await readdir(place.root)).toEqual(['elsewhere'])
    expect(await place.pid(folder)).toBeGreaterThan(0)
  })
})

describe.concurrent('update to a folder that is taken', { timeout: 20_000 }, () => {
  it('is refused before the program is stopped', async () => {
    await using place = await makeProgramPlace()
    const { outputs } = await processType.create(call, place.inputs())
    const pid = await place.pid()
    await mkdir(join(place.root, 'taken', 'releases'), { recursive: true })
    const moving = processType.update(call, 'gateway', outputs, place.inputs({ folder: join(place.root, 'taken') }))
    await expect(moving).rejects.toMatchObject({ code: 'folder_not_ours' })
    expect(await place.pid()).toBe(pid)
    expect(await readyGeneration(place)).toBe(outputs['generation'])
  })
})

describe.concurrent('delete', { timeout: 20_000 }, () => {
  it('ends the program and removes its folder; a missing one is fine', async () => {
    await using place = await makeProgramPlace()
    const { outputs } = await processType.create(call, place.inputs())
    await processType.delete(call, outputs)
    expect(await readdir(place.root)).toEqual([])
    await expect(fetch(`http://127.0.0.1:${place.port}/`)).rejects.toThrow('fetch failed')
    await processType.delete(call, outputs)
  })

  it('leaves a folder that is not ours', async () => {
    await using place = await makeProgramPlace()
    const { outputs } = await processType.create(call, place.inputs())
    await writeFile(join(place.root, 'letter.txt'), 'dear diary')
    const foreign = { ...outputs, folder: place.root }
    await expect(processType.delete(call, foreign)).rejects.toMatchObject({ code: 'folder_not_ours' })
    expect(await readdir(place.root)).toContain('letter.txt')
  })
})

async function readFound(state: Properties, inputs: Properties): Promise<Found> {
  const found = await processType.read(call, 'gateway', state, inputs)
  if (found === 'gone') throw new Error('the folder is there')
  return found
}

async function readyGeneration(place: ProgramPlace): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${place.port}/readyz`)
  return ((await response.json()) as { generation: string }).generation
}

async function modeOf(file: string): Promise<number> {
  return (await stat(file)).mode & 0o777
}

async function deadPid(): Promise<number> {
  const child = spawn('true')
  const { pid = 0 } = child
  await once(child, 'exit')
  killQuietly(pid)
  return pid
}
