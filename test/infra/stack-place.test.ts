import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, it } from 'vitest'

import { stackFileOf } from '../../infra/stack-place.ts'

const folder = mkdtempSync(join(tmpdir(), 'stack-place-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('administrators are told the file that is there, and Pulumi’s name for it where none is', () => {
  mkdirSync(join(folder, 'stacks'))
  for (const name of ['stacks/Pulumi.one.yaml', 'Pulumi.one.yaml', 'Pulumi.two.yaml'])
    writeFileSync(join(folder, name), '')
  expect(['one', 'two', 'three'].map((stack) => stackFileOf(folder, stack))).toEqual([
    'stacks/Pulumi.one.yaml',
    'Pulumi.two.yaml',
    'Pulumi.three.yaml',
  ])
})
