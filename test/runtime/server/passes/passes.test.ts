import { describe, expect, it } from 'vitest'

import { digest } from '../../../../runtime/sessions/index.ts'
import { createPasses, type GrantBytes, type Pass } from '../../../../runtime/server/passes/index.ts'

const wiki = { id: 'wiki' }
const admin = { id: 'admin' }
const pass = (route: object, change: Partial<Pass<object, string>> = {}): Pass<object, string> => ({
  route,
  grant: 'alice',
  until: 2_000,
  bytes: 100,
  ...change,
})

/** Grants that begin with a capital stay objects. */
const grants: GrantBytes<string> = {
  pack: (grant) => (/^[A-Z]/.test(grant) ? undefined : Buffer.from(grant)),
  unpack: (bytes, start, end) => bytes.toString('utf8', start, end),
}
const createTestPasses = (untoldFor: () => number = () => 0) => createPasses<object, string>(untoldFor, grants)

describe('a pass', () => {
  it('is none where a clock was set back since it was made', () => {
    const passes = createTestPasses()
    passes.add(passes.mark(), 'cookie-1', pass(wiki, { until: 3_600_000 }), 3_500_000)
    expect(passes.find('cookie-1', wiki, 3_500_000)).toBeDefined()
    expect(passes.find('cookie-1', wiki, 0)).toBeUndefined()
  })

  it('of one browser is kept for so many routes, and for none whose time is over', () => {
    const passes = createTestPasses()
    const routes = Array.from({ length: 40 }, (_, index) => ({ id: `route-${index}` }))
    passes.add(passes.mark(), 'cookie-1', pass(wiki, { until: 10 }), 0)
    for (const one of routes) passes.add(passes.mark(), 'cookie-1', pass(one), 20)
    expect(routes.filter((one) => passes.find('cookie-1', one, 20))).toEqual(routes.slice(0, 32))
    passes.add(passes.mark(), 'cookie-1', pass(routes[39] ?? {}, { until: 4_000 }), 2_000)
    expect(routes.filter((one) => passes.find('cookie-1', one, 2_000))).toEqual(routes.slice(39))
  })

  it('is found by its cookie and route until its time', () => {
    const passes = createTestPasses()
    passes.add(passes.mark(), 'cookie-1', pass(wiki), 0)
    passes.add(passes.mark(), 'cookie-1', pass(admin, { grant: 'alice as admin' }), 0)
    expect(passes.find('cookie-1', wiki, 1_999)).toBe('alice')
    expect(passes.find('cookie-1', admin, 1_999)).toBe('alice as admin')
    expect(passes.find('cookie-1', wiki, 2_000)).toBeUndefined()
    expect(passes.find('cookie-2', wiki, 1_999)).toBeUndefined()
    expect(passes.find('cookie-1', { ...wiki }, 1_999)).toBeUndefined()
  })

  it('takes the place of the one before', () => {
    const passes = createTestPasses()
    passes.add(passes.mark(), 'cookie-1', pass(wiki), 0)
    passes.add(passes.mark(), 'cookie-1', pass(wiki, { grant: 'Alice later', until: 3_000 }), 0)
    expect(passes.find('cookie-1', wiki, 1_000)).toBe('Alice later')
    expect(passes.find('cookie-1', wiki, 2_500)).toBe('Alice later')
    passes.add(passes.mark(), 'cookie-1', pass(wiki, { grant: 'alice again', until: 1_000 }), 0)
    expect(passes.find('cookie-1', wiki, 1_500)).toBeUndefined()
  })

  it('is gone when its session ended or changed, and no other is', () => {
    const passes = createTestPasses()
    for (const id of ['cookie-1', 'cookie-2']) passes.add(passes.mark(), id, pass(wiki), 0)
    passes.forget([digest('cookie-1'), 'unknown'])
    expect(passes.find('cookie-1', wiki, 0)).toBeUndefined()
    expect(passes.find('cookie-2', wiki, 0)).toBeDefined()
    passes.forget('everything')
    expect(passes.find('cookie-2', wiki, 0)).toBeUndefined()
  })

  it('is not kept when something ended while it was made', () => {
    const passes = createTestPasses()
    const mark = passes.mark()
    passes.forget([digest('cookie-1')])
    passes.add(mark, 'cookie-1', pass(wiki), 0)
    expect(passes.find('cookie-1', wiki, 0)).toBeUndefined()
  })

  it('counts for nothing while the store is silent, and again once it was heard', () => {
    let silentMs = 4_999
    const passes = createTestPasses(() => silentMs)
    passes.add(passes.mark(), 'cookie-1', pass(wiki), 0)
    expect(passes.find('cookie-1', wiki, 0)).toBeDefined()
    silentMs = 5_000
    expect(passes.find('cookie-1', wiki, 0)).toBeUndefined()
    passes.add(passes.mark(), 'cookie-2', pass(wiki), 0)
    silentMs = 10
    expect(passes.find('cookie-1', wiki, 0)).toBeDefined()
    expect(passes.find('cookie-2', wiki, 0)).toBeUndefined()
  })

  it('gives way to others when all together are too large', () => {
    const passes = createTestPasses()
    const megabyte = 1024 * 1024
    for (let index = 0; index < 200; index += 1) {
      passes.add(passes.mark(), `cookie-${index}`, pass(wiki, { grant: 'Alice', bytes: megabyte }), 0)
    }
    expect(passes.find('cookie-0', wiki, 0)).toBeUndefined()
    expect(passes.find('cookie-199', wiki, 0)).toBeDefined()
  })
})
