import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { restoreCheckpoint } from '../../../bin/workspace/checkpoint.ts'
import { temporaryFolder } from '../folder.ts'

function checkpoint(content: string | undefined, backup: string | undefined): string {
  const file = join(temporaryFolder(), 'local.json')
  if (content !== undefined) writeFileSync(file, content)
  if (backup !== undefined) writeFileSync(`${file}.bak`, backup)
  return file
}

it.each(['', '{"checkpoint":'])('a half written state file (%j) is restored from its backup', (content) => {
  const file = checkpoint(content, '{"version":3}')
  expect(restoreCheckpoint(file)).toBe(true)
  expect(readFileSync(file, 'utf8')).toBe('{"version":3}')
})

it.each([
  ['whole', '{"version":4}', '{"version":3}'],
  ['half written like its backup', '', ''],
  ['half written without a backup', '', undefined],
])('a state file that is %s is left as it is', (_, content, backup) => {
  const file = checkpoint(content, backup)
  expect(restoreCheckpoint(file)).toBe(false)
  expect(readFileSync(file, 'utf8')).toBe(content)
})

it('no state file is no mistake', () => {
  const file = checkpoint(undefined, '{}')
  expect(restoreCheckpoint(file)).toBe(false)
  expect(existsSync(file)).toBe(false)
})
