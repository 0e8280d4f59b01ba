import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { PathMatch } from '../../../runtime/config.ts'
import {
  createPublicPaths,
  createRouteTable,
  foldedReading,
  type HostRoute,
  isAmbiguous,
} from '../../../runtime/routes/index.ts'

type Config = HostRoute['config']

const staff: Omit<Config, 'path'> = {
  access: { allow: '"staff" in user.groups' },
  action: { kind: 'forward' },
  publicPaths: [],
  identityProviders: ['acme'],
  bearer: [],
  corsPreflight: false,
}
const admins = { access: { allow: '"admins" in user.groups' } }

function route(id: string, path: PathMatch, change: Partial<Config> = {}): HostRoute {
  const config = { ...staff, path, ...change }
  return { id, config, isPublic: createPublicPaths(config) }
}

const open = (...paths: PathMatch[]): Partial<Config> => ({
  publicPaths: paths.map((path) => ({ path, reason: 'pictures' })),
})
const refuses = (routes: readonly HostRoute[], path: string): boolean => isAmbiguous(createRouteTable(routes), path)

describe('the folded reading', () => {
  it.each([
    ['/', '/'],
    ['/admin/x', '/admin/x'],
    ['/ADMIN/x', '/admin/x'],
    ['/admin/', '/admin'],
    ['/admin./x', '/admin/x'],
    ['/admin%20/x', '/admin/x'],
    ['/admin.%20.%20%20./x..', '/admin/x'],
    ['/.../admin', '/admin'],
    ['/a.b/c%20d', '/a.b/c%20d'],
    ['/.well-known/x', '/.well-known/x'],
    ['/caf%C3%89', '/caf%c3%a9'],
    ['/%EF%BC%A1dmin', '/admin'],
    ['/%EF%BC%8Fadmin', '/admin'],
    ['/admin%C2%A0/x', '/admin/x'],
    ['/%E2%84%AAey', '/key'],
    ['/%C5%BFecret', '/secret'],
    ['/%C3%x', '/%c3%x'],
    ['/%FF', '/%ff'],
  ])('of %s is %s', (path, reading) => {
    expect(foldedReading(path)).toBe(reading)
  })

  it('of a long hostile path is found at once', () => {
    expect(foldedReading(`/${'.'.repeat(16_000)}x`)).toMatch(/x$/)
    expect(foldedReading(`/x${'%20'.repeat(5_000)}`)).toBe('/x')
    expect(foldedReading('/A.'.repeat(5_000))).toBe('/a'.repeat(5_000))
  })

  it('of a folded reading is itself', () => {
    const piece = fc.constantFrom('/', 'a', 'B', '.', '%20', '%C3%89', '%EF%BC%8F', '%E2%84%AA', '%C3', '%25')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const folded = foldedReading(`/${pieces.join('')}`)
        expect(foldedReading(folded)).toBe(folded)
      }),
      { seed: 6, numRuns: 2_000 },
    )
  })
})

describe('a path that could be taken for one that another route guards', () => {
  const routes = [
    route('root', { prefix: '/' }, open({ prefix: '/adminfo' })),
    route('admin', { prefix: '/admin' }, { ...admins, ...open({ prefix: '/admin/assets' }) }),
    route('secret', { exact: '/secret' }, admins),
    route('reports', { pattern: '/reports/[0-9]+/Full' }, admins),
    route('folder', { exact: '/folder/' }, admins),
    route('cafe', { prefix: '/caf%C3%A9' }, admins),
    route('gone', { prefix: '/metrics' }, { access: { public: 'no' }, action: { kind: 'respond', status: 404 } }),
  ]

  it.each([
    '/ADMIN/x',
    '/Admin',
    '/admin./x',
    '/admin%20/x',
    '/admin.%20/',
    '/%2541DMIN/x',
    '/ADMIN;x/y',
    '/Secret',
    '/secret/',
    '/SECRET./',
    '/REPORTS/7/full/',
    '/reports/7/full',
    '/folder',
    '/caf%C3%89/x',
    '/METRICS',
    '/metrics./x',
  ])('%s is refused', (path) => {
    expect(refuses(routes, path)).toBe(true)
  })

  it.each([
    '/',
    '/admin',
    '/admin/',
    '/admin/Users/X.',
    '/secret',
    '/folder/',
    '/reports/7/Full',
    '/Administrators',
    '/administrators/',
    '/Readme.MD',
    '/a%20b/c.',
    '/...',
    '/ADMIN/assets/a.png',
    '/adminfo/X',
    '/AdmInfo',
    '/metrics/',
    '/caf%C3%A9/',
  ])('%s is none', (path) => {
    expect(refuses(routes, path)).toBe(false)
  })
})

describe('spellings make no difference', () => {
  it('at a host with one route', () => {
    const table = createRouteTable([route('root', { prefix: '/Apps' })])
    expect(table.spellings).toBeUndefined()
    for (const path of ['/Apps', '/Apps/X.', '/apps/', '/APPS']) expect(isAmbiguous(table, path)).toBe(false)
  })

  it('where all routes let the same people pass', () => {
    const routes = [route('root', { prefix: '/' }), route('api', { prefix: '/api' })]
    expect(createRouteTable(routes).spellings).toBeUndefined()
    expect(refuses(routes, '/API/x')).toBe(false)
  })

  it('for a path that is configured in one, and for its neighbour that is configured in another', () => {
    const routes = [
      route('root', { prefix: '/' }),
      route('upper', { prefix: '/API' }, admins),
      route('lower', { prefix: '/api' }, { access: { public: 'docs' } }),
    ]
    for (const path of ['/API', '/API/x', '/API/X/', '/api', '/api/x', '/api/X/']) {
      expect(refuses(routes, path), path).toBe(false)
    }
    expect(refuses(routes, '/Api/x')).toBe(true)
  })

  it('where what could be meant is public, or no app is asked', () => {
    const elsewhere = { access: { public: 'moved' }, action: { kind: 'redirect' as const, status: 302 } }
    const routes = [
      route('root', { prefix: '/' }),
      route('old', { prefix: '/old' }, elsewhere),
      route('admin', { prefix: '/admin' }, admins),
      route('assets', { prefix: '/assets' }, { access: { public: 'pictures' } }),
      route('all-caps', { prefix: '/ADMIN' }, elsewhere),
    ]
    for (const path of ['/OLD', '/Assets/a.png', '/ADMIN', '/ADMIN/x']) expect(refuses(routes, path), path).toBe(false)
  })

  it('to a page that is sent on to its name with a slash, whoever may be sent', () => {
    const routes = [
      route('root', { prefix: '/' }),
      route('docs', { prefix: '/docs' }),
      route('slash', { exact: '/docs' }, { ...admins, action: { kind: 'redirect', status: 308 } }),
    ]
    expect(refuses(routes, '/docs/')).toBe(false)
    expect(refuses(routes, '/DOCS')).toBe(true)
  })
})

describe('a public path', () => {
  it('is nobody’s where another spelling of it is guarded', () => {
    const routes = [
      route('root', { prefix: '/' }, open({ prefix: '/Public' }, { pattern: '/[A-Z]+[.]TXT' })),
      route('inner', { prefix: '/public' }),
    ]
    expect(refuses(routes, '/Public/x')).toBe(true)
    expect(refuses(routes, '/public/x')).toBe(false)
    expect(refuses(routes, '/README.TXT')).toBe(false)
    const one = [route('root', { prefix: '/' }, open({ prefix: '/Public' }, { exact: '/Open/' }))]
    for (const path of ['/Public/x', '/Public/', '/public', '/Open/', '/OPEN']) {
      expect(refuses(one, path), path).toBe(false)
    }
  })

  it('by a pattern is nobody’s where a server could drop what makes it one', () => {
    const routes = [route('root', { prefix: '/' }, open({ pattern: '/[a-z]+[.]' }))]
    expect(refuses(routes, '/admin.')).toBe(true)
    expect(refuses(routes, '/admin')).toBe(false)
  })
})

it('refuses exactly what could be another route’s that asks for something else', () => {
  const segment = fc.constantFrom('a', 'b', 'A', 'a.', 'a%20', 'B')
  const text = fc.array(segment, { maxLength: 3 }).map((segments) => `/${segments.join('/')}`)
  const match: fc.Arbitrary<PathMatch> = fc.oneof(
    text.map((exact) => ({ exact })),
    text.map((prefix) => ({ prefix })),
  )
  const access = fc.constantFrom<Partial<Config>>({}, admins, { access: { public: 'all' } })
  const placed = fc.uniqueArray(fc.tuple(match, access), { maxLength: 6, selector: ([one]) => JSON.stringify(one) })
  fc.assert(
    fc.property(placed, text, fc.boolean(), (places, asked, slash) => {
      const routes = places.map(([path, change], index) => route(`r${index}`, path, change))
      const path = slash && asked !== '/' ? `${asked}/` : asked
      const table = createRouteTable(routes)
      const found = table.find(path)
      fc.pre(found !== undefined)
      const meant = best(routes.filter(({ config }) => lies(config.path, path)))
      const isOpen = ({ config }: HostRoute): boolean =>
        'public' in config.access || sameRule(config.access, found?.config.access)
      // By spelling alone: any of those that only differ in it may be asked.
      const isSafe = meant.some(({ id }) => id === found?.id) || meant.every(isOpen)
      expect(isAmbiguous(table, path)).toBe(!isSafe)
    }),
    { seed: 6, numRuns: 3_000 },
  )
})

const textOf = (match: PathMatch): string => ('exact' in match ? match.exact : 'prefix' in match ? match.prefix : '')
const sameRule = (one: object, other: object | undefined): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Whether a route has a path for whom all spellings are one. */
function lies(match: PathMatch, path: string): boolean {
  const place = foldedReading(textOf(match))
  const reading = foldedReading(path)
  return reading === place || ('prefix' in match && (place === '/' || reading.startsWith(`${place}/`)))
}

/** Exact paths before prefixes, long ones before short ones. */
function best(routes: readonly HostRoute[]): HostRoute[] {
  const rank = ({ config: { path } }: HostRoute): number =>
    'exact' in path ? Number.MAX_SAFE_INTEGER : foldedReading(textOf(path)).length
  const top = Math.max(...routes.map(rank))
  return routes.filter((one) => rank(one) === top)
}
