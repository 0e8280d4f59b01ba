import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { writeRelease } from '../../../../infra/provider/local/index.ts'
import { makeFolders } from '../../../../infra/provider/systemd/files.ts'
import { serviceInputsSchema } from '../../../../infra/provider/systemd/schema.ts'
import { executableName } from '../../../../infra/targets/systemd.ts'

const content = { config: { name: 'one' }, secrets: { key: 'value' } }

let base: string
let spec: ReturnType<typeof serviceInputsSchema.parse>
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'gatewright-systemd-files-'))
  spec = serviceInputsSchema.parse({
    ...content,
    unit: 'gatewright-test',
    user: 'gatewright',
    folder: join(base, 'lib/gatewright/test/gateway'),
    programs: join(base, 'opt/gatewright/test/gateway'),
    executables: {},
    unitFile: 'a unit',
    environmentFile: '',
    readyUrl: 'http://127.0.0.1:8401/readyz',
    listen: [],
    running: true,
    enabled: true,
  })
})
afterEach(() => rm(base, { recursive: true }))

async function shownOf(path: string): Promise<string> {
  const { mode, uid, gid } = await stat(path)
  return `${(mode & 0o777).toString(8)} ${uid}:${gid}`
}

describe('the folders of a service', () => {
  it('let its account come by, whatever umask root has', async () => {
    const umask = process.umask(0o077)
    try {
      await makeFolders(spec, { uid: 1001, gid: 1001 })
    } finally {
      process.umask(umask)
    }
    const open = ['lib', 'lib/gatewright', 'lib/gatewright/test', 'opt/gatewright/test', 'opt/gatewright/test/gateway']
    for (const path of open) expect([path, await shownOf(join(base, path))]).toEqual([path, '755 0:0'])
    expect(await shownOf(spec.folder)).toBe('750 0:1001')
    expect(await shownOf(join(spec.folder, 'data'))).toBe('700 1001:1001')
  })

  it('go to another account with all that is in them, and nothing that a link leads to', async () => {
    const [store, foreign] = [join(spec.folder, 'data', 'gateway.sqlite'), join(base, 'foreign')]
    await makeFolders(spec, { uid: 1001, gid: 1001 })
    const { generation } = await writeRelease(spec.folder, content, 1001)
    for (const file of [store, foreign]) await writeFile(file, '', { mode: 0o600 })
    await symlink(foreign, join(spec.folder, 'data', 'link'))

    await makeFolders(spec, { uid: 1002, gid: 1002 })
    expect(await writeRelease(spec.folder, content, 1002)).toEqual({ generation, fresh: false })
    expect(await shownOf(store)).toBe('600 1002:1002')
    expect(await shownOf(foreign)).toBe('600 0:0')
    expect(await shownOf(join(spec.folder, 'releases', generation, 'secrets', 'key'))).toBe('640 0:1002')
  })
})

describe('an installed program', () => {
  it('has another name for another content', () => {
    expect(executableName('a'.repeat(64))).not.toBe(executableName('b'.repeat(64)))
  })
})
