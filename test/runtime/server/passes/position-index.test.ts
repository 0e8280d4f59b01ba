import fc from 'fast-check'
import { expect, it } from 'vitest'

import { PositionIndex } from '../../../../runtime/server/passes/position-index.ts'

function all(index: PositionIndex, hash: number): number[] {
  const positions: number[] = []
  for (let slot = index.first(hash); slot !== -1; slot = index.next(slot, hash)) positions.push(index.at(slot))
  return positions.toSorted((one, other) => one - other)
}

// Few homes at the table's end and beginning, so that they collide and go round.
const hash = fc.oneof(
  fc.integer({ min: 1_018, max: 1_026 }),
  fc.integer({ min: 0, max: 5 }).map((number) => number - 3),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
)

it('finds all of a hash that were added and not removed', () => {
  const step = fc.record({ hash, isRemoval: fc.boolean(), which: fc.nat() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000, size: 'max' }), (steps) => {
      const index = new PositionIndex()
      const model = new Map<number, number[]>()
      for (const [position, one] of steps.entries()) {
        const there = model.get(one.hash) ?? []
        if (one.isRemoval && there.length > 0) {
          const [removed = -1] = there.splice(one.which % there.length, 1)
          index.remove(one.hash, removed)
        } else {
          index.add(one.hash, position)
          there.push(position)
        }
        model.set(one.hash, there)
      }
      for (const [known, positions] of model) expect(all(index, known)).toEqual(positions.toSorted((a, b) => a - b))
    }),
    { numRuns: 100 },
  )
})

it('passes over what is not there', () => {
  const index = new PositionIndex()
  index.add(7, 70)
  index.remove(7, 71)
  index.remove(8, 70)
  expect(all(index, 7)).toEqual([70])
  index.replace(index.first(7), 72)
  expect(all(index, 7)).toEqual([72])
  index.clear()
  expect(all(index, 7)).toEqual([])
})
