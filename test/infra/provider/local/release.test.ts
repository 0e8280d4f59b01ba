import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import {
  currentGeneration,
  generationOf,
  pointCurrent,
  readCurrent,
  writeRelease,
} from '../../../../infra/provider/local/release.ts'
import { readRelease } from '../../../../runtime/release.ts'

const content = { config: { b: 1, a: { d: [1, 2], c: null } }, secrets: { token: 'line\nline\n' } }
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatewright-release-'))
  await mkdir(join(folder, 'releases'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('generationOf', () => {
  it('does not depend on the order of keys, but on everything else', () => {
    const same = { config: { a: { c: null, d: [1, 2] }, b: 1 }, secrets: content.secrets }
    expect(generationOf(same)).toBe(generationOf(content))
    expect(generationOf(content)).toMatch(/^[0-9a-f]{16}$/)
    expect(generationOf({ ...content, secrets: { token: 'other' } })).not.toBe(generationOf(content))
    expect(
      generationOf({ config: { ...content.config, a: { d: [2, 1], c: null } }, secrets: content.secrets }),
    ).not.toBe(generationOf(content))
  })
})

describe('writeRelease', () => {
  it('writes what the runtime reads', async () => {
    const { generation, fresh } = await writeRelease(folder, content)
    await pointCurrent(folder, generation)
    expect(fresh).toBe(true)
    expect(await currentGeneration(folder)).toBe(generation)
    expect(await readCurrent(folder)).toEqual(content)
    expect(await readRelease(folder)).toEqual({
      generation,
      config: content.config,
      secrets: new Map([['token', 'line\nline']]),
    })
  })

  it('writes nothing twice, leaves no drafts, and repairs what was edited', async () => {
    const { generation } = await writeRelease(folder, content)
    expect(await writeRelease(folder, content)).toEqual({ generation, fresh: false })
    await writeFile(join(folder, 'releases', generation, 'secrets', 'planted'), 'x')
    expect(await writeRelease(folder, content)).toEqual({ generation, fresh: true })
    expect(await readdir(join(folder, 'releases'))).toEqual([generation])
    expect(await readdir(join(folder, 'releases', generation, 'secrets'))).toEqual(['token'])
  })

  it('keeps a whole release when two write it at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => writeRelease(folder, content)))
    await pointCurrent(folder, generationOf(content))
    expect(await readdir(join(folder, 'releases'))).toEqual([generationOf(content)])
    expect(await readCurrent(folder)).toEqual(content)
  })
})
