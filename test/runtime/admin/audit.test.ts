import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openSqliteStore } from '../../../runtime/store/index.ts'
import type { Browser } from '../../support/browser.ts'
import { shown } from '../../support/visitor.ts'
import { type AdminStage, startAdminStage } from './admin-stage.ts'
import { join } from 'node:path'
import { readdirSync } from 'node:fs'

/** More than two pages, and more than one part of an export. */
const EVENTS = 1_234
const DAY = 24 * 60 * 60_000
const START = Date.parse('2025-01-01T00:00:00Z')

let stage: AdminStage
let carol: Browser
let alice: string
beforeAll(async () => {
  stage = await startAdminStage()
  alice = (await stage.newcomer('alice')).id
  carol = await stage.administrator()
  const file = readdirSync(stage.gateway.dataFolder).find((name) => /\.(db|sqlite)$/.test(name))
  if (file === undefined) throw new Error('the gateway keeps no file')
  const store = openSqliteStore(join(stage.gateway.dataFolder, file))
  const event = { action: 'password.refused', actor: 'system', account: alice, address: '203.0.113.9', details: {} }
  await store.recordAudit(
    Array.from({ length: EVENTS }, (_, index) => ({ ...event, brand: 'default', at: START + (index % 10) * DAY })),
  )
  await store.recordAudit([{ ...event, brand: 'other', at: START }])
  await store.close()
})
afterAll(() => stage.close())

describe('the log', () => {
  it('is exported whole, an entry in each line, the latest first, this brand alone', async () => {
    const entries = await stage.log(carol, { action: 'password.refused' })
    expect(entries).toHaveLength(EVENTS)
    expect(entries[0]).toEqual({
      at: '2025-01-10T00:00:00.000Z',
      sequence: expect.any(Number),
      brand: 'default',
      action: 'password.refused',
      actor: 'system',
      account: alice,
      address: '203.0.113.9',
      details: {},
    })
    expect(new Set(entries.map(({ sequence }) => sequence)).size).toBe(EVENTS)
    expect(entries.map(({ at }) => at)).toEqual(
      entries
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    )
  })

  it('is a file that nobody keeps', async () => {
    const { headers } = await stage.admin(carol, '/audit/export')
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit.jsonl"')
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff'])
  })

  it.each([
    ['both days included', { from: '2025-01-03', to: '2025-01-04' }, 248],
    ['somebody by their address', { account: 'Alice@acme.example' }, EVENTS],
    ['the actor', { actor: 'system' }, EVENTS],
    ['nobody there', { account: 'nobody@acme.example' }, 0],
    ['no day at all, which is left out', { from: '2025-13-77' }, EVENTS],
  ])('is filtered by %s', async (_, filter, amount) => {
    expect(await stage.log(carol, { action: 'password.refused', ...filter })).toHaveLength(amount)
  })

  it('is read page by page there and back, each entry once', async () => {
    const seen: string[] = []
    let path = '/audit?action=password.refused'
    const pages: string[] = []
    for (;;) {
      const { text } = await stage.admin(carol, path)
      pages.push(text)
      seen.push(...(text.match(/<tr role="row"><th scope="row"/g) ?? []))
      const older = wayTo(text, 'Older')
      if (older === undefined) break
      path = older
    }
    expect([pages.length, seen.length]).toEqual([13, EVENTS])
    expect(pages.at(-1)).toContain('34 entries on this page')
    for (const expected of pages.slice(0, -1).toReversed()) {
      const newer = wayTo((await stage.admin(carol, path)).text, 'Newer')
      if (newer === undefined) throw new Error('there is no way back')
      path = newer
      expect(shown(await at(path))).toBe(shown({ text: expected } as never))
    }
    expect(path).toBe('/audit?action=password.refused')
  })

  it('takes whatever stands in its address', async () => {
    const part = fc.string({ unit: 'binary', maxLength: 60 })
    const hostile = fc.record({
      action: part,
      actor: part,
      account: part,
      from: part,
      to: part,
      after: part,
      trail: part,
    })
    await fc.assert(
      fc.asyncProperty(hostile, async (query) => {
        expect((await stage.admin(carol, `/audit?${new URLSearchParams(query).toString()}`)).status).toBe(200)
      }),
      { seed: 7, numRuns: 40 },
    )
  })
})

const at = (path: string) => stage.admin(carol, path)

function wayTo(text: string, label: string): string | undefined {
  const href = new RegExp(`href="/admin([^"]*)">${label}<`).exec(text)?.[1]
  return href?.replaceAll('&amp;', '&')
}
