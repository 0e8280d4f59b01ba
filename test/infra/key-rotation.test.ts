import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type KeyNames, keyRotationSteps, type KeyStep } from '../../infra/key-rotation.ts'

const DAY = '2026-11-22'
const NEW = `k-${DAY}`
const both = (names: string[]): KeyNames => ({ signing: names, sealing: names })
const stepsOf = (names: KeyNames, day = DAY): KeyStep[] => {
  const steps = keyRotationSteps(names, day)
  if (steps === 'ambiguous') throw new Error('ambiguous')
  return steps
}

describe('a rotation of the gateway’s keys', () => {
  it('shows the new key before it is used, and takes the old one away when nothing hangs on it', () => {
    const steps = stepsOf(both(['k1']))
    expect(steps.map(({ names }) => names)).toEqual([both(['k1', NEW]), both([NEW, 'k1']), both([NEW])])
    expect(steps.map(({ waitSeconds }) => waitSeconds)).toEqual([300, 900, 0])
    expect(steps[0]?.reasons.join()).toContain('JWKS')
    expect(steps[1]?.reasons.join()).toMatch(/assertions.*sealed/s)
  })

  it('goes on where it broke off, with the whole wait', () => {
    expect(stepsOf(both(['k1', NEW]), '2026-11-23')).toEqual(stepsOf(both(['k1'])))
    expect(stepsOf(both([NEW, 'k1']), '2026-11-23')).toEqual(stepsOf(both(['k1'])).slice(1))
  })

  it('ends both rings together, whichever has begun', () => {
    const steps = stepsOf({ signing: ['k1'], sealing: [NEW, 'k1'] })
    expect(steps.map(({ names }) => names)).toEqual([
      { signing: ['k1', NEW], sealing: [NEW, 'k1'] },
      { signing: [NEW, 'k1'], sealing: [NEW, 'k1'] },
      both([NEW]),
    ])
  })

  it('gives a second key of a day a name of its own', () => {
    expect(stepsOf(both([NEW])).at(-1)?.names).toEqual(both([`${NEW}-2`]))
  })

  it('is not guessed where two names do not tell which is newer', () => {
    expect(keyRotationSteps({ signing: ['blue', 'green'], sealing: ['k1'] }, DAY)).toBe('ambiguous')
  })

  it('never uses a key that the step before did not know, nor drops one that it used, wherever it breaks off', () => {
    const ring = fc.constantFrom(['k1'], ['k1', 'k-2026-11-01'], ['k-2026-11-01', 'k1'], ['k-2026-11-22-9'])
    fc.assert(
      fc.property(ring, ring, (signing, sealing) => {
        const states = [{ signing, sealing }, ...stepsOf({ signing, sealing }).map(({ names }) => names)]
        for (const [index, next] of states.slice(1).entries()) {
          const before = states[index]
          for (const kind of ['signing', 'sealing'] as const) {
            expect(before?.[kind]).toContain(next[kind][0])
            expect(next[kind]).toContain(before?.[kind][0])
          }
        }
      }),
    )
  })
})
