import { expect, it } from 'vitest'

import { type Action, decide, type Situation } from '../../../../infra/provider/systemd/converge.ts'

const asWanted: Situation = {
  active: 'active',
  launchedAsWanted: true,
  inForce: 'g1',
  generation: 'g1',
  fresh: false,
}

it.each<[string, Partial<Situation>, Action]>([
  ['does nothing about a service that is as wanted', {}, 'nothing'],
  ['reloads for another release', { generation: 'g2' }, 'reload'],
  ['reloads for a release that had to be written anew', { fresh: true }, 'reload'],
  ['restarts for another unit or environment', { launchedAsWanted: false }, 'restart'],
  ['restarts what does not answer', { inForce: undefined }, 'restart'],
  ['restarts what systemd is just trying again', { active: 'activating' }, 'restart'],
  ['starts what does not run', { active: 'inactive', launchedAsWanted: false }, 'start'],
  ['starts what has failed', { active: 'failed', launchedAsWanted: false }, 'start'],
])('%s', (_, change, action) => {
  expect(decide({ ...asWanted, ...change })).toBe(action)
})
