import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nextSecretName, rotationSteps } from '../../../infra/identity-providers/rotation.ts'

const TODAY = '2026-11-22'

describe('the steps of a rotation', () => {
  it('make the new secret beside the old one where a vendor takes two', () => {
    expect(rotationSteps(['first'], TODAY, 2).slice(1)).toEqual([[TODAY, 'first'], [TODAY]])
  })

  it('begin with what the file says where a vendor takes two: the last rotation may have been killed at its end', () => {
    expect(rotationSteps(['first'], TODAY, 2).slice(0, 1)).toEqual([['first']])
  })

  it('tell the gateway before the vendor where a vendor takes one', () => {
    expect(rotationSteps(['first'], TODAY, 1)).toEqual([['first', TODAY], [TODAY, 'first'], [TODAY]])
  })

  it('go on where they broke off, without another secret', () => {
    expect(rotationSteps([TODAY, 'first'], '2026-11-23', 2)).toEqual([[TODAY, 'first'], [TODAY]])
    expect(rotationSteps(['first', TODAY], '2026-11-23', 1)).toEqual([['first', TODAY], [TODAY, 'first'], [TODAY]])
    expect(rotationSteps([TODAY, 'first'], '2026-11-23', 1)).toEqual([[TODAY, 'first'], [TODAY]])
  })

  it('know the tenth secret of a day from the second', () => {
    expect(rotationSteps([`${TODAY}-10`, `${TODAY}-2`], 'x', 2)).toEqual([
      [`${TODAY}-10`, `${TODAY}-2`],
      [`${TODAY}-10`],
    ])
  })

  it('are not guessed when two names do not tell which is newer', () => {
    expect(rotationSteps(['blue', 'green'], TODAY, 2)).toBe('ambiguous')
  })

  it('never leave the gateway and the vendor without a secret that both know, wherever they break off', () => {
    const day = fc.date({ noInvalidDate: true, min: new Date('2020-01-01'), max: new Date('2030-01-01') })
    const name = fc.oneof(
      fc.constant('first'),
      day.map((date) => date.toISOString().slice(0, 10)),
    )
    const secrets = fc.uniqueArray(name, { minLength: 1, maxLength: 2 })
    fc.assert(
      fc.property(secrets, fc.constantFrom(1 as const, 2 as const), (present, atOnce) => {
        const steps = rotationSteps(present, '2031-01-01', atOnce)
        if (steps === 'ambiguous') return false
        const known = [present, ...steps]
        // What the vendor takes once a step is deployed, and what the gateway has known since the one before.
        const common = steps.map((step, index) =>
          step.slice(0, atOnce).filter((secret) => known[index]?.includes(secret)),
        )
        return common.every((both) => both.length > 0) && steps.at(-1)?.length === 1
      }),
    )
  })
})

describe('the name of a new secret', () => {
  it('is the day, with a number where the day has one already', () => {
    expect(nextSecretName(TODAY, ['first'])).toBe(TODAY)
    expect(nextSecretName(TODAY, [TODAY])).toBe(`${TODAY}-2`)
    expect(nextSecretName(TODAY, [TODAY, `${TODAY}-2`])).toBe(`${TODAY}-3`)
  })

  it('comes after all that are there, so that a rotation which breaks off is not led back', () => {
    const breaksOff = (present: string[], day: string): unknown => {
      const [, begun = []] = rotationSteps(present, nextSecretName(day, present), 2) as string[][]
      return rotationSteps(begun, 'another', 2).at(-1)?.[0]
    }
    expect(breaksOff([`${TODAY}-2`], TODAY)).toBe(`${TODAY}-3`)
    expect(breaksOff([`${TODAY}-10`], TODAY)).toBe(`${TODAY}-11`)
    // The last rotation was run where the clock was ahead.
    expect(breaksOff(['2026-11-23'], TODAY)).toBe('2026-11-23-2')
    expect(breaksOff(['2026-11-21-7'], TODAY)).toBe(TODAY)
  })
})
