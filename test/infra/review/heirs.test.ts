import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { heirsBetween } from '../../../infra/review/heirs.ts'
import { compareStacks, readStack, renderReview } from '../../../infra/review/index.ts'
import type { Route } from '../../../infra/review/reading.ts'
import { createHostTable, createPathTable } from '../../../runtime/routes/index.ts'
import { pathMatch } from '../../../infra/config/index.ts'
import { compareChanged, lines, smallStack, type Stack } from './stack.ts'

type Change = (stack: Stack) => void

const WWW = 'https://www.acme.example'
const to = 'http://app:3000'
const admins = { from: WWW, to, allow: '"admins" in user.groups' }
const open = { from: WWW, to, public: 'the site' }

/** A stack of these routes alone. */
function stackOf(routes: Record<string, Record<string, unknown>>): Stack {
  return { ...smallStack(), routes }
}

/** What is said of other routes when one is deleted or changed. */
function inherited(routes: Record<string, Record<string, unknown>>, edit: Change): string[] {
  return lines(compareChanged(stackOf(routes), edit)).filter((line) => line.includes('place_inherited'))
}

const gone: Change = (stack) => delete stack.routes['back']
const back =
  (settings: object): Change =>
  (stack) =>
    Object.assign(stack.routes['back']!, settings)

describe('a deleted route leaves its address to', () => {
  it.each<[string, Record<string, Record<string, unknown>>, string[]]>([
    [
      'a public one with a shorter prefix',
      { front: open, back: { ...admins, prefix: '/admin' } },
      ['+ back place_inherited: what back answered falls to front: everybody, without signing in (the site)'],
    ],
    [
      'a public wildcard',
      {
        front: { ...open, from: 'https://*.apps.acme.example' },
        back: { ...admins, from: 'https://one.apps.acme.example' },
      },
      ['+ back place_inherited: what back answered falls to front: everybody, without signing in (the site)'],
    ],
    [
      'a wildcard’s own other route',
      {
        front: { ...open, from: 'https://*.apps.acme.example' },
        back: { ...admins, from: 'https://*.apps.acme.example', prefix: '/admin' },
      },
      ['+ back place_inherited: what back answered falls to front: everybody, without signing in (the site)'],
    ],
    [
      'a longer prefix before a shorter one, which nobody reaches',
      {
        front: open,
        middle: { ...admins, prefix: '/admin', allow: '"staff" in user.groups' },
        back: { ...admins, prefix: '/admin/keys' },
      },
      ['+ back place_inherited: what back answered falls to middle: people in staff'],
    ],
    [
      'a prefix, where no pattern has its exact path',
      {
        front: open,
        later: { ...admins, pattern: '/a.*', allow: '"staff" in user.groups' },
        back: { ...admins, path: '/b' },
      },
      ['+ back place_inherited: what back answered falls to front: everybody, without signing in (the site)'],
    ],
    [
      'patterns and prefixes, where it was a pattern itself',
      {
        back: { ...admins, pattern: '/[a-z]+' },
        earlier: { ...open, pattern: '/x.*' },
        front: { ...open, prefix: '/y' },
        exact: { ...open, path: '/z' },
        api: { ...open, path: '/z/1' },
      },
      ['earlier', 'front'].map(
        (id) => `+ back place_inherited: what back answered falls to ${id}: everybody, without signing in (the site)`,
      ),
    ],
    [
      'one that takes people of other providers, older sign-ins and programs',
      {
        front: { ...admins, bearer: [{ tokenIssuer: 'ci', audience: 'www' }] },
        back: { ...admins, prefix: '/admin', identityProviders: ['staff'], signIn: { maxAgeMinutes: 5 } },
      },
      [
        '+ back place_inherited: what back answered falls to front: people whom guests signs in, by the route’s rule',
        '+ back place_inherited: what back answered falls to front: who signed in more than 5 minutes ago: no limit any more',
        '+ back place_inherited: what back answered falls to front: programs with a token of ci for www, by the route’s rule',
      ],
    ],
    [
      'one of the same rule that is open there, and not for what is open elsewhere',
      {
        front: {
          ...admins,
          publicPaths: [
            { prefix: '/admin/help', reason: 'help' },
            { prefix: '/assets', reason: 'pictures' },
          ],
        },
        back: { ...admins, prefix: '/admin' },
      },
      ['+ back place_inherited: what back answered falls to front: everybody, without signing in, at /admin/help/…'],
    ],
  ])('%s', (_, routes, expected) => {
    const withIssuer = (stack: Stack): Stack => ({
      ...stack,
      tokenIssuers: { ci: { issuer: 'https://ci.example' } },
    })
    const before = withIssuer(stackOf(routes))
    const comparison = compareChanged(before, gone)
    expect(lines(comparison).filter((line) => line.includes('place_inherited'))).toEqual(expected)
    expect(comparison.widened).toBe(true)
  })
})

describe('a deleted route is no gain for anybody where', () => {
  it.each<[string, Record<string, Record<string, unknown>>]>([
    [
      'the rule that holds there asks for the same and more',
      {
        front: { ...admins, allow: '"admins" in user.groups && "staff" in user.groups' },
        back: { ...admins, prefix: '/admin' },
      },
    ],
    ['it was public', { front: admins, back: { ...open, prefix: '/admin' } }],
    ['nobody passes at the other', { front: { ...admins, allow: 'false' }, back: { ...admins, prefix: '/admin' } }],
    ['no other has the path', { front: { ...open, prefix: '/adminx' }, back: { ...admins, prefix: '/admin' } }],
    ['the other is at another host', { front: { ...open, from: 'https://a.acme.example' }, back: { ...admins } }],
    [
      'the other was asked before it all along',
      {
        front: { ...open, pattern: '/admin/.*' },
        inner: { ...open, prefix: '/admin/x' },
        back: { ...admins, prefix: '/admin' },
      },
    ],
    [
      'another route still names its host',
      {
        front: { ...open, from: 'https://*.acme.example' },
        other: { ...admins, prefix: '/other' },
        back: { ...admins, prefix: '/admin' },
      },
    ],
    [
      'the wildcard has hosts of one label more',
      {
        front: { ...open, from: 'https://*.apps.acme.example' },
        back: { ...admins, from: 'https://a.b.apps.acme.example' },
      },
    ],
  ])('%s', (_, routes) => {
    const comparison = compareChanged(stackOf(routes), gone)
    expect(lines(comparison).every((line) => line.startsWith('-'))).toBe(true)
    expect(comparison.widened).toBe(false)
  })
})

describe('a route that moves', () => {
  const routes = { front: open, back: { ...admins, prefix: '/admin' } }
  const falls = '+ back place_inherited: what back answered falls to front: everybody, without signing in (the site)'

  it.each<[string, Change, string[]]>([
    ['to another path leaves the old one', back({ prefix: '/office' }), [falls]],
    ['to another host leaves the old one', back({ from: 'https://office.acme.example' }), [falls]],
    ['to a part of where it was leaves the rest', back({ prefix: '/admin/keys' }), [falls]],
    [
      'to a pattern, which need not have all of it',
      back({ prefix: undefined, path: undefined, pattern: '/admin.*' }),
      [falls],
    ],
    ['nowhere leaves nothing', back({ allow: '"staff" in user.groups' }), []],
  ])('%s', (_, edit, expected) => {
    expect(inherited(routes, edit)).toEqual(expected)
  })

  it('to a shorter prefix takes the old one along', () => {
    const deep = { front: open, back: { ...admins, prefix: '/admin/keys' } }
    expect(inherited(deep, back({ prefix: '/admin' }))).toEqual([])
  })

  it('is told of with who answers at its old address', () => {
    const [before, after] = [stackOf(routes), stackOf(structuredClone(routes))]
    back({ from: 'https://office.acme.example' })(after)
    const review = renderReview(compareStacks(readStack(before), readStack(after)), 'production')
    expect(review).toContain(
      '- `back` moves from `https://www.acme.example/admin` to `https://office.acme.example/admin`; what is left behind falls to `front`',
    )
  })
})

it('a deleted route is told of with who answers in its place', () => {
  const before = stackOf({ front: open, back: { ...admins, prefix: '/admin' } })
  const after = structuredClone(before)
  gone(after)
  const review = renderReview(compareStacks(readStack(before), readStack(after)), 'production')
  expect(review).toContain('**Access widens:')
  expect(review).toContain('- `back` is removed: `https://www.acme.example/admin` falls to `front`')
})

it('the last route of a host leaves to the wildcard also what nobody answered there', () => {
  const named = { ...admins, from: 'https://one.apps.acme.example' }
  const before = stackOf({
    front: { ...open, from: 'https://*.apps.acme.example', prefix: '/files' },
    back: { ...named, prefix: '/admin' },
    inner: { ...named, prefix: '/inner' },
  })
  const both = compareChanged(before, (stack) => (gone(stack), delete stack.routes['inner']))
  expect(both.widened).toBe(true)
  expect(lines(both)).toContain(
    '+ back host_inherited: what no route answered at https://one.apps.acme.example falls to front: everybody, without signing in (the site)',
  )
  expect(lines(both).filter((line) => line.startsWith('+'))).toHaveLength(1)
  expect(compareChanged(before, gone).widened).toBe(false)
})

describe('what the gateway would answer, for every host and path', () => {
  const HOSTS = ['one.apps.acme.example', 'two.apps.acme.example', 'www.acme.example']
  const PATHS = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/ab', '/b', '/b/a']
  const place = fc.record({
    from: fc.constantFrom(
      'https://*.apps.acme.example',
      'https://one.apps.acme.example',
      'https://one.apps.acme.example',
      'https://www.acme.example',
    ),
    path: fc.oneof(
      fc.constantFrom('/', '/a', '/a/b', '/a/b/c', '/b').map((prefix) => ({ prefix })),
      fc.constantFrom('/a', '/a/b', '/b').map((path) => ({ path })),
      fc.constantFrom('/a.*', '/.*b', '/[ab]').map((pattern) => ({ pattern })),
    ),
  })
  type Routes = Map<string, Route>
  const routesOf = (places: readonly { from: string; path: object }[]): Routes => {
    const distinct = new Map(places.map((entry) => [JSON.stringify(entry), entry]))
    return new Map([...distinct.values()].map(({ from, path }, index) => [`r${index}`, { from, ...path } as Route]))
  }
  const answering = (routes: Routes): ((host: string, path: string) => string | undefined) => {
    const hosts = createHostTable(
      [...Map.groupBy(routes, ([, { from }]) => from)].map(([from, entries]) => ({
        from,
        value: createPathTable(entries.map(([id, route]) => ({ name: id, path: pathMatch(route), value: id }))),
      })),
    )
    return (host, path) => hosts.find(host)?.value.find(path)
  }

  it('is an heir’s, where a route goes or moves', () => {
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 2, maxLength: 8 }),
        fc.nat(),
        fc.option(place),
        (places, pick, moved) => {
          const before = routesOf(places)
          const id = `r${pick % before.size}`
          const after = new Map(before)
          after.delete(id)
          const isTaken = [...after.values()].some(
            (route) =>
              moved &&
              route.from === moved.from &&
              JSON.stringify(pathMatch(route)) === JSON.stringify(pathMatch(moved.path)),
          )
          if (moved && !isTaken) after.set(id, { from: moved.from, ...moved.path } as Route)
          const [former, present] = [answering(before), answering(after)]
          const heirs = heirsBetween(before, after)
          for (const host of HOSTS) {
            for (const path of PATHS) {
              const [was, is] = [former(host, path), present(host, path)]
              if (is === undefined || is === id || was === is) continue
              const beside = [...before.keys()].flatMap((other) => heirs.beside(other))
              expect(was === id ? heirs.of(id) : beside).toContain(is)
            }
          }
        },
      ),
      { seed: 20_261_122, numRuns: 500 },
    )
  })
})
