import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { contrast } from '../../../runtime/contrast.ts'
import { inkOn, mix } from '../../../runtime/pages/colors.ts'

const color = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#3a4fd0', '#ffffff', 6.58],
  ])('of %s and %s is %d either way', (one, other, expected) => {
    expect(contrast(one, other)).toBeCloseTo(expected, 1)
    expect(contrast(other, one)).toBe(contrast(one, other))
  })
})

describe('the ink on a colour', () => {
  it('is always read well (WCAG 2.2 §1.4.3), on the colour and on the one under the pointer', () => {
    fc.assert(
      fc.property(color, (ground) => {
        const ink = inkOn(ground)
        expect(contrast(ground, ink)).toBeGreaterThanOrEqual(4.5)
        const pointed = mix(ground, ink === '#ffffff' ? '#000000' : '#ffffff', 0.2)
        expect(contrast(pointed, ink)).toBeGreaterThanOrEqual(4.5)
      }),
      { seed: 20_261_122, numRuns: 2_000 },
    )
  })
})

describe('a mixture', () => {
  it('goes from one colour to the other', () => {
    expect(mix('#204060', '#ffffff', 0)).toBe('#204060')
    expect(mix('#204060', '#ffffff', 1)).toBe('#ffffff')
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080')
  })
})
