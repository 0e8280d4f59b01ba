import { setImmediate as turn } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { createLines } from '../../../runtime/program/lines.ts'

describe('log lines', () => {
  it('that may wait are written together with those of the same turn of the event loop, in their order', async () => {
    const writes: string[] = []
    const lines = createLines((text) => writes.push(text))
    lines.writeSoon('a\n')
    lines.writeSoon('b\n')
    expect(writes).toEqual([])
    await turn()
    lines.writeSoon('c\n')
    await turn()
    expect(writes).toEqual(['a\nb\n', 'c\n'])
  })

  it('that may not wait are written at once, behind those that did', async () => {
    const writes: string[] = []
    const lines = createLines((text) => writes.push(text))
    lines.writeSoon('a\n')
    lines.write('b\n')
    expect(writes).toEqual(['a\nb\n'])
    await turn()
    expect(writes).toHaveLength(1)
  })

  it('that wait are written when the program ends', async () => {
    const writes: string[] = []
    const lines = createLines((text) => writes.push(text))
    lines.writeSoon('last\n')
    lines.flush()
    lines.flush()
    await turn()
    expect(writes).toEqual(['last\n'])
  })
})
