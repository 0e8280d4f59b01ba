import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'

import { payloadOf, readRelease } from '../../runtime/release.ts'
import { baseConfig, writeRelease } from '../support/release.ts'
import { mountFiles } from '../support/mounted-volume.ts'

/** How often a volume changes. */
const LAST = 12

const FILES = {
  'config.json': '{"version":1,"routes":{}}',
  generation: 'g1',
  'config/registrations.json': '{"sso":[{"name":"first","clientId":"client-1"}]}',
  'config/serviceAccounts.json': '{}',
  'secrets/sealing-key.k1': 'a-key\n',
}

let folder: string
let current: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatewright-release-'))
  current = join(folder, 'current')
  onTestFinished(() => rm(folder, { recursive: true }))
})

async function mount(files: Readonly<Record<string, string>>, former?: string): Promise<string> {
  await mkdir(current, { recursive: true })
  return mountFiles(current, files, former)
}

describe('a release in a volume', () => {
  it('is read with the members that have files of their own', async () => {
    const payload = await mount(FILES)
    expect(await payloadOf(folder)).toBe(payload)
    expect(await readRelease(folder)).toEqual({
      generation: 'g1',
      config: {
        version: 1,
        routes: {},
        registrations: { sso: [{ name: 'first', clientId: 'client-1' }] },
        serviceAccounts: {},
      },
      secrets: new Map([['sealing-key.k1', 'a-key']]),
    })
  })

  it('is read whole or not at all, however often the volume changes meanwhile', async () => {
    const numbered = (index: number) => ({
      ...FILES,
      'config.json': JSON.stringify({ index }),
      generation: `${index}`,
      'config/registrations.json': `${index}`,
      'secrets/sealing-key.k1': `${index}`,
    })
    let payload = await mount(numbered(0))
    const changes = (async () => {
      for (let index = 1; index <= LAST; index += 1) payload = await mount(numbered(index), payload)
    })()
    const read = new Set<number>()
    while (!read.has(LAST)) {
      const release = await readRelease(folder).catch(() => undefined)
      if (release === undefined) continue
      const { index, registrations } = release.config as { index: number; registrations: number }
      expect([registrations, Number(release.generation), Number(release.secrets.get('sealing-key.k1'))]).toEqual([
        index,
        index,
        index,
      ])
      read.add(index)
    }
    await changes
    expect(read.size).toBeGreaterThan(1)
  })

  it.each<[string, object, string]>([
    ['two files have one member', { 'config.json': '{"registrations":{}}' }, 'config.json has registrations as well'],
    ['a member is no JSON', { 'config/serviceAccounts.json': '{ "a-secret' }, 'serviceAccounts.json is not JSON'],
    ['config.json is no object', { 'config.json': '"a-secret"' }, 'config.json is no object'],
  ])('is refused where %s, and what stands there is not repeated', async (_, files, message) => {
    await mount({ ...FILES, ...files })
    const error = await readRelease(folder).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ message: expect.stringContaining(message) as string })
    expect(String(error)).not.toContain('a-secret')
  })
})

it('a folder that is replaced by a link is no volume', async () => {
  const config = baseConfig({ listenPort: 1, adminPort: 2, appPort: 3, issuer: 'http://idp.gw.localhost:9' })
  await writeRelease(folder, config)
  expect(await payloadOf(folder)).toBeUndefined()
  expect((await readRelease(folder)).config).toEqual(config)
})
