import fc from 'fast-check'
import { expect, it } from 'vitest'

import { type GrantBytes, PassTable } from '../../../../runtime/server/passes/table.ts'

interface Model {
  id: string
  grant: string
  until: number
}

/** Grants that begin with a capital stay objects. */
const grants: GrantBytes<string> = {
  pack: (grant) => (/^[A-Z]/.test(grant) ? undefined : Buffer.from(grant)),
  unpack: (bytes, start, end) => bytes.toString('utf8', start, end),
}
const LONGEST = 1_000

const COOKIES = Array.from({ length: 40 }, (_, number) => `cookie-${number}`)
const PLACES = [1, 2, 3, 4, 5, 6]
const EVERYWHERE = COOKIES.flatMap((cookie) => PLACES.map((place) => [cookie, place] as const))

const cookies = fc.constantFrom(...COOKIES)
const places = fc.constantFrom(...PLACES)
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      cookie: cookies,
      place: places,
      // Some fill a segment within a few steps.
      grant: fc.oneof(
        fc.string({ minLength: 1 }),
        fc.integer({ min: 1, max: 90_000 }).map((length) => 'g'.repeat(length)),
      ),
      lasts: fc.integer({ min: 1, max: 120 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('forget' as const), cookie: cookies }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
)

it('says what a map from cookie and place would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
      const table = new PassTable(grants, LONGEST)
      const model = new Map<string, Model>()
      let now = 1_000
      for (const one of steps) {
        if (one.kind === 'add') {
          const { cookie, place, grant } = one
          const entry = { id: `id of ${cookie}`, grant, until: now + one.lasts }
          table.add({ ...entry, cookie, place, bytes: 10 }, now)
          // One with the same end is the same: what it is made from has not changed.
          if (model.get(`${cookie} ${place}`)?.until !== entry.until) model.set(`${cookie} ${place}`, entry)
        } else if (one.kind === 'forget') {
          table.forget(`id of ${one.cookie}`)
          for (const entry of model.values()) if (entry.id === `id of ${one.cookie}`) entry.until = 0
        } else if (one.kind === 'wait') {
          now += one.ms
        } else {
          table.clear()
          model.clear()
        }
        const wrong = EVERYWHERE.filter(([cookie, place]) => {
          const entry = model.get(`${cookie} ${place}`)
          const grant = entry && entry.until > now ? entry.grant : undefined
          return table.find(cookie, place, now) !== grant
        })
        expect(wrong).toEqual([])
      }
    }),
    { numRuns: 60 },
  )
})

it('keeps many, and of a thousand forgets the one', () => {
  const table = new PassTable(grants, 100_000)
  for (let number = 0; number < 20_000; number += 1) {
    const entry = { cookie: `cookie-${number}`, id: `id-${number}`, place: 1, grant: `grant-${number}`, bytes: 0 }
    table.add({ ...entry, until: 2_000 + number }, 1_000)
  }
  table.forget('id-10000')
  const missing = Array.from({ length: 20_000 }, (_, number) => number).filter(
    (number) => table.find(`cookie-${number}`, 1, 1_000) !== `grant-${number}`,
  )
  expect(missing).toEqual([10_000])
})

it('does not take one cookie for another with its beginning, nor one that no store gave out', () => {
  const table = new PassTable(grants, LONGEST)
  const entry = { id: 'id', place: 1, grant: 'grant', until: 2_000, bytes: 0 }
  table.add({ ...entry, cookie: 'cookie' }, 1_000)
  table.add({ ...entry, cookie: 'x'.repeat(300) }, 1_000)
  for (const cookie of ['', 'cooki', 'cookies', 'Cookie', 'x'.repeat(300)]) {
    expect(table.find(cookie, 1, 1_000)).toBeUndefined()
  }
  expect(table.find('cookie', 1, 1_000)).toBe('grant')
})

it('keeps nothing that is over, and nothing twice: neither makes others go', () => {
  const table = new PassTable(grants, LONGEST)
  const megabyte = 1024 * 1024
  const entry = { cookie: 'cookie', id: 'id', place: 1, grant: 'Grant', until: 2_000, bytes: megabyte }
  table.add({ ...entry, cookie: 'victim' }, 1_000)
  for (let time = 0; time < 300; time += 1) table.add({ ...entry, until: 1_000 }, 1_000)
  for (let time = 0; time < 300; time += 1) table.add(entry, 1_000)
  // Each takes the place of the one before, and none of the room of others.
  for (let time = 0; time < 300; time += 1) table.add({ ...entry, until: 1_500 + time }, 1_000)
  expect(table.find('victim', 1, 1_000)).toBe('Grant')
  expect(table.find('cookie', 1, 1_798)).toBe('Grant')
  expect(table.find('cookie', 1, 1_799)).toBeUndefined()
})

it('counts what is from before a clock was set back for nothing', () => {
  const table = new PassTable(grants, LONGEST)
  const entry = { cookie: 'cookie', id: 'id', grant: 'grant', bytes: 0 }
  for (let place = 0; place < 32; place += 1) table.add({ ...entry, place, until: 10_500 }, 10_000)
  table.add({ ...entry, place: 32, until: 600 }, 100)
  expect(table.find('cookie', 32, 100)).toBe('grant')
  expect(table.find('cookie', 31, 100)).toBeUndefined()
})
