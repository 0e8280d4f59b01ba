import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { counted, readPlace, ways } from '../../../runtime/admin/paging.ts'
import { withQuery } from '../../../runtime/admin/paths.ts'

const EN = { language: 'en' } as const

/** Where the ways of a page lead. */
function around(query: string, next: string | undefined) {
  const shown = String(ways(EN, '/admin/users', { q: 'a&b' }, readPlace(new URLSearchParams(query)), { next }, 'note'))
  const to = (label: string) => new RegExp(`href="([^"]*)">${label}<`).exec(shown)?.[1]?.replaceAll('&amp;', '&')
  return { newer: to('Newer'), older: to('Older') }
}

const queryOf = (href = '') => href.split('?', 2)[1] ?? ''

describe('ways through a list', () => {
  it('lead down and back the same way, with what was filtered', () => {
    const first = around('', 'c1')
    expect(first).toEqual({ newer: undefined, older: '/admin/users?q=a%26b&after=c1' })
    const second = around(queryOf(first.older), 'c2')
    expect(second).toEqual({ newer: '/admin/users?q=a%26b', older: '/admin/users?q=a%26b&after=c2&trail=c1' })
    const third = around(queryOf(second.older), undefined)
    expect(third).toEqual({ newer: '/admin/users?q=a%26b&after=c1', older: undefined })
  })

  it('stay short, however long the list, and whatever stands in an address', () => {
    const text = fc.string({ unit: 'binary', maxLength: 5_000 })
    fc.assert(
      fc.property(text, text, (after, trail) => {
        const query = new URLSearchParams({ after, trail }).toString()
        const { newer = '', older = '' } = around(query, 'c'.repeat(100))
        expect(Math.max(newer.length, older.length)).toBeLessThan(24_000)
        expect(readPlace(new URLSearchParams(query)).trail.length).toBeLessThanOrEqual(20)
      }),
      { seed: 11, numRuns: 50 },
    )
  })
})

it('numbers have their word', () => {
  expect([counted(0, 'account'), counted(1, 'account'), counted(10_312, 'account')]).toEqual([
    '0 accounts',
    '1 account',
    '10,312 accounts',
  ])
})

it('addresses have nothing empty in them', () => {
  expect(withQuery('/admin/audit', { action: '', from: undefined, to: '2026-01-01' })).toBe(
    '/admin/audit?to=2026-01-01',
  )
})
