import { describe, expect, it } from 'vitest'

import { decide, type Situation } from '../../../../infra/provider/local/converge.ts'

const settled: Situation = {
  running: { pid: 1, startedAt: 0, args: [] },
  launchedAsWanted: true,
  readiness: { status: 'ready', generation: 'g1' },
  mayBeStarting: false,
  generation: 'g1',
  fresh: false,
}

describe('decide', () => {
  it.each<[string, Partial<Situation>, string]>([
    ['starts what does not run', { running: undefined }, 'start'],
    ['does nothing when the release is in force', {}, 'nothing'],
    ['reloads for another release', { generation: 'g2' }, 'reload'],
    ['reloads a release that had to be written again', { fresh: true }, 'reload'],
    ['restarts for another command, bundle or address', { launchedAsWanted: false }, 'restart'],
    ['restarts what does not answer', { readiness: undefined }, 'restart'],
    ['waits for what has just been started', { readiness: undefined, mayBeStarting: true }, 'wait'],
  ])('%s', (_title, change, action) => {
    expect(decide({ ...settled, ...change })).toBe(action)
  })
})
