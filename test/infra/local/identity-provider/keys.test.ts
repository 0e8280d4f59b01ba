import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { loadKeys } from '../../../../infra/local/identity-provider/keys.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-keys-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

test('makes one set of keys, whoever comes first, readable by its owner only', async () => {
  const [first, second] = await Promise.all([loadKeys(folder), loadKeys(folder)])
  const kept = await loadKeys(folder)
  expect([first, second]).toEqual([kept, kept])
  expect(kept.signing.map(({ alg }) => alg)).toEqual(['RS256', 'ES256'])
  expect(readdirSync(folder)).toEqual(['keys.json'])
  expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
})

test.each([
  ['no JSON', '{'],
  ['other JSON', '{"signing":[]}'],
  ['nothing', ''],
])('refuses a file with %s, and leaves it as it is', async (_title, content) => {
  const file = join(folder, 'keys.json')
  writeFileSync(file, content)
  await expect(loadKeys(folder)).rejects.toThrow(`${file} is damaged`)
  expect(statSync(file).size).toBe(content.length)
})
