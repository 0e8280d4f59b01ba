import { setImmediate as turn } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { createLines } from '../../../runtime/program/lines.ts'

describe('log lines', () => {
  it('of one turn of the event loop are written together, in their order', async () => {
    const writes: string[] = []
    const lines = createLines((text) => writes.push(text))
    lines.write('a\n')
    lines.write('b\n')
    expect(writes).toEqual([])
    await turn()
    lines.write('c\n')
    await turn()
    expect(writes).toEqual(['a\nb\n', 'c\n'])
  })

  it('that wait are written when the program ends', async () => {
    const writes: string[] = []
    const lines = createLines((text) => writes.push(text))
    lines.write('last\n')
    lines.flush()
    lines.flush()
    await turn()
    expect(writes).toEqual(['last\n'])
  })
})
