import { describe, expect, it } from 'vitest'

import { digest } from '../../../runtime/sessions/index.ts'
import { createPasses, type Pass } from '../../../runtime/server/passes.ts'

const wiki = { id: 'wiki' }
const admin = { id: 'admin' }
const pass = (route: object, change: Partial<Pass<object, string>> = {}): Pass<object, string> => ({
  route,
  grant: 'alice',
  until: 2_000,
  bytes: 100,
  ...change,
})

describe('a pass', () => {
  it('is none where a clock was set back since it was made', () => {
    const passes = createPasses<object, string>(() => 0)
    passes.add(passes.mark(), 'cookie-1', pass(wiki, { until: 3_600_000 }), 3_500_000)
    expect(passes.find('cookie-1', wiki, 3_500_000)).toBeDefined()
    expect(passes.find('cookie-1', wiki, 0)).toBeUndefined()
  })

  it('of one browser is kept for its latest routes, and for none whose time is over', () => {
    const passes = createPasses<object, string>(() => 0)
    const routes = Array.from({ length: 40 }, (_, index) => ({ id: `route-${index}` }))
    passes.add(passes.mark(), 'cookie-1', pass(wiki, { until: 10 }), 0)
    for (const one of routes) passes.add(passes.mark(), 'cookie-1', pass(one), 20)
    expect(routes.filter((one) => passes.find('cookie-1', one, 20))).toEqual(routes.slice(8))
  })

  it('is found by its cookie and route until its time', () => {
    const passes = createPasses<object, string>(() => 0)
    passes.add(passes.mark(), 'cookie-1', pass(wiki), 0)
    passes.add(passes.mark(), 'cookie-1', pass(admin, { grant: 'alice as admin' }), 0)
    expect(passes.find('cookie-1', wiki, 1_999)?.grant).toBe('alice')
    expect(passes.find('cookie-1', admin, 1_999)?.grant).toBe('alice as admin')
    expect(passes.find('cookie-1', wiki, 2_000)).toBeUndefined()
    expect(passes.find('cookie-2', wiki, 1_999)).toBeUndefined()
    expect(passes.find('cookie-1', { ...wiki }, 1_999)).toBeUndefined()
  })

  it('takes the place of the one before', () => {
    const passes = createPasses<object, string>(() => 0)
    passes.add(passes.mark(), 'cookie-1', pass(wiki), 0)
    passes.add(passes.mark(), 'cookie-1', pass(wiki, { until: 3_000 }), 0)
    expect(passes.find('cookie-1', wiki, 2_500)?.until).toBe(3_000)
  })

  it('is gone when its session ended or changed, and no other is', () => {
    const passes = createPasses<object, string>(() => 0)
    for (const id of ['cookie-1', 'cookie-2']) passes.add(passes.mark(), id, pass(wiki), 0)
    passes.forget([digest('cookie-1'), 'unknown'])
    expect(passes.find('cookie-1', wiki, 0)).toBeUndefined()
    expect(passes.find('cookie-2', wiki, 0)).toBeDefined()
    passes.forget('everything')
    expect(passes.find('cookie-2', wiki, 0)).toBeUndefined()
  })

  it('is not kept when something ended while it was made', () => {
    const passes = createPasses<object, string>(() => 0)
    const mark = passes.mark()
    passes.forget([digest('cookie-1')])
    passes.add(mark, 'cookie-1', pass(wiki), 0)
    expect(passes.find('cookie-1', wiki, 0)).toBeUndefined()
  })

  it('counts for nothing while the store is silent, and again once it was heard', () => {
    let silentMs = 4_999
    const passes = createPasses<object, string>(() => silentMs)
    passes.add(passes.mark(), 'cookie-1', pass(wiki), 0)
    expect(passes.find('cookie-1', wiki, 0)).toBeDefined()
    silentMs = 5_000
    expect(passes.find('cookie-1', wiki, 0)).toBeUndefined()
    silentMs = 10
    expect(passes.find('cookie-1', wiki, 0)).toBeDefined()
  })

  it('gives way to others when all together are too large', () => {
    const passes = createPasses<object, string>(() => 0)
    const megabyte = 1024 * 1024
    for (let index = 0; index < 200; index += 1) {
      passes.add(passes.mark(), `cookie-${index}`, pass(wiki, { bytes: megabyte }), 0)
    }
    expect(passes.find('cookie-0', wiki, 0)).toBeUndefined()
    expect(passes.find('cookie-199', wiki, 0)).toBeDefined()
  })
})
