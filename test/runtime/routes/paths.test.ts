import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { PathMatch } from '../../../runtime/config.ts'
import { createPathTable } from '../../../runtime/routes/index.ts'

/** Names of routes → where they are. */
const table = (paths: Record<string, PathMatch>) =>
  createPathTable(Object.entries(paths).map(([name, path]) => ({ name, path, value: name })))

describe('a path table', () => {
  it.each<[string, string | undefined]>([
    ['/', 'root'],
    ['/api', 'api'],
    ['/api/', 'api'],
    ['/api/v1', 'v1'],
    ['/api/v1/users', 'v1'],
    ['/api/v2', 'api'],
    ['/apis', 'root'],
    ['/api%2Fv1', 'root'],
    ['/API', 'root'],
    ['/api/v1/health', 'health'],
    ['/api/v1/health/', 'v1'],
    ['/api/v1/report.csv', 'reports'],
    ['/x/api/v1/report.csv', 'root'],
  ])('finds for %s the route %s', (path, name) => {
    const routes = table({
      root: { prefix: '/' },
      api: { prefix: '/api' },
      v1: { prefix: '/api/v1' },
      health: { exact: '/api/v1/health' },
      reports: { pattern: '/api/.*[.]csv' },
    })
    expect(routes.find(path)).toBe(name)
  })

  it('finds nothing where no route has the path', () => {
    expect(table({ api: { prefix: '/api' } }).find('/')).toBeUndefined()
    expect(table({ api: { prefix: '/api' } }).find('/ap')).toBeUndefined()
    expect(table({}).find('/')).toBeUndefined()
  })

  it('asks patterns in the order of names, whatever the order of the file', () => {
    const paths = { b: { pattern: '/x.*' }, a: { pattern: '/.*' } }
    expect(table(paths).find('/x')).toBe('a')
  })

  it('takes no two routes with one path, and no pattern that is not RE2', () => {
    expect(() => table({ a: { prefix: '/x' }, b: { prefix: '/x' } })).toThrow('two routes have the path /x')
    expect(() => table({ a: { pattern: '(?=x)' } })).toThrow('(?=')
  })

  it('needs no more steps for a path of thousands of segments than its deepest prefix has', () => {
    const routes = table({ root: { prefix: '/' }, deep: { prefix: '/a/a/a' } })
    expect(routes.find('/a'.repeat(100_000))).toBe('deep')
    expect(routes.find('/b'.repeat(100_000))).toBe('root')
  })
})

const segment = fc.constantFrom('a', 'b', 'ab', 'a%2Fb', 'A', '.well-known')
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`)
const match: fc.Arbitrary<PathMatch> = fc.oneof(
  path.map((exact) => ({ exact })),
  path.map((prefix) => ({ prefix })),
  path.map((text) => ({ pattern: `${text.replaceAll('.', '[.]')}(?:/a)*` })),
)

/** What the documentation says, without any index. */
function naively(entries: readonly (readonly [string, PathMatch])[], asked: string): string | undefined {
  const exact = entries.find(([, one]) => 'exact' in one && one.exact === asked)
  const patterns = entries
    .filter(([, one]) => 'pattern' in one && new RegExp(`^(?:${one.pattern})$`).test(asked))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  const prefixes = entries
    .flatMap(([name, one]) => ('prefix' in one ? [[name, one.prefix] as const] : []))
    .filter(([, prefix]) => prefix === '/' || asked === prefix || asked.startsWith(`${prefix}/`))
    .toSorted(([, one], [, other]) => other.length - one.length)
  return (exact ?? patterns[0] ?? prefixes[0])?.[0]
}

it('says what a list of all routes would say', () => {
  const routes = fc.uniqueArray(match, { maxLength: 12, selector: (one) => JSON.stringify(one) })
  fc.assert(
    fc.property(routes, path, (paths, asked) => {
      const entries = paths.map((one, index) => [`route-${index}`, one] as const)
      expect(table(Object.fromEntries(entries)).find(asked)).toBe(naively(entries, asked))
    }),
    { seed: 6, numRuns: 2_000 },
  )
})
