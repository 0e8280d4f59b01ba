import { expect, test } from 'vitest'

import { afterCheck, UNCHECKED } from '../../../runtime/upstreams/check-state.ts'

const THRESHOLDS = { healthyAfter: 2, unhealthyAfter: 3 }

/** Whether it is healthy after each check: `+` passed, `-` failed. */
function verdicts(checks: string): string {
  let state = UNCHECKED
  return checks
    .split('')
    .map((check) => {
      state = afterCheck(state, check === '+' ? 'passed' : 'failed', THRESHOLDS)
      return state.isHealthy ? 'h' : 'u'
    })
    .join('')
}

test.each([
  ['healthy until shown otherwise', '++', 'hh'],
  ['unhealthy after as many failures in a row as configured', '---', 'hhu'],
  ['not unhealthy by failures with a success between them', '--+--', 'hhhhh'],
  ['healthy after as many successes in a row as configured', '---++', 'hhuuh'],
  ['not healthy by successes with a failure between them', '---+-+', 'hhuuuu'],
])('a server is %s', (_what, checks, expected) => {
  expect(verdicts(checks)).toBe(expected)
})
