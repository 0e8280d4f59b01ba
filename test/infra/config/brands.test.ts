import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseStack, StackConfigError } from '../../../infra/config/index.ts'
import { loginHostsOf } from '../../../infra/login-hosts.ts'
import { planRuntime } from '../../../infra/runtime-config.ts'
import { readStackFiles } from '../../../infra/stack-files.ts'
import { type RuntimeConfig, runtimeConfigSchema } from '../../../runtime/config.ts'

type Fields = Record<string, unknown>

const provider = (issuer: string): Fields => ({ kind: 'oidc', issuer, client: { id: 'c', secret: 's' } })
const mail = { kind: 'smtp', host: 'smtp.acme.example', from: 'login@acme.example' }
const acme = { url: 'https://login.acme.example', name: 'Acme' }
const zeta = { url: 'https://login.zeta.example', name: 'Zeta', identityProviders: ['guests'] }
const route = (from: string, more: Fields = {}): Fields => ({ from, to: 'http://app:3000', allow: 'true', ...more })

/** Two providers, and a route at each of the brands that are named. */
function stack(brands: Fields, more: Fields = {}): Fields {
  const names = Object.keys(brands)
  const routes = names.map((brand) => [brand, route(`https://app-${brand}.example`, names.length > 1 ? { brand } : {})])
  return {
    identityProviders: { staff: provider('https://staff.example'), guests: provider('https://guests.example') },
    routes: Object.fromEntries(routes) as Fields,
    ...(names.length > 0 ? { brands } : {}),
    ...more,
  }
}
const home = { url: acme.url }

function problems(input: Fields): string[] {
  try {
    parseStack(input)
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

function runtime(input: Fields): RuntimeConfig {
  const parsed = parseStack(input)
  const facts = { staff: { issuer: 'https://staff.example' }, guests: { issuer: 'https://guests.example' } }
  const plan = planRuntime(parsed, facts, readStackFiles(parsed, '.', 'stacks/Pulumi.test.yaml'))
  return runtimeConfigSchema.parse({ ...plan, registrations: {}, serviceAccounts: {} })
}

describe('brands', () => {
  it('are one without a word of them: url and name, all providers, no password, straight to the only provider', () => {
    const { brands, routes } = runtime(
      stack({}, { url: acme.url, name: 'Acme', routes: { app: route('https://a.example') } }),
    )
    expect(brands).toEqual({
      default: {
        ...acme,
        identityProviders: ['staff', 'guests'],
        password: 'off',
        passkeys: false,
        identityFirst: false,
        autoRedirect: true,
        links: [],
      },
    })
    expect(routes['app']).toMatchObject({ brand: 'default', identityProviders: ['staff', 'guests'] })
  })

  it('take url and name of the stack where one is called default', () => {
    const { brands, routes } = runtime(stack({ default: { password: 'on' } }, { ...acme, mail }))
    expect(brands['default']).toMatchObject({ ...acme, password: 'on', passkeys: true })
    expect(routes['default']?.identityProviders).toEqual(['staff', 'guests', 'accounts'])
  })

  it('stand beside the stack’s own, or one of them is that', () => {
    expect(Object.keys(parseStack(stack({ zeta }, { ...acme, routes: {} })).brands)).toEqual(['zeta', 'default'])
    expect(Object.keys(parseStack(stack({ acme, zeta }, home)).brands)).toEqual(['acme', 'zeta'])
    expect(parseStack(stack({ acme })).url).toBe(acme.url)
    expect(parseStack(stack({ zeta, default: acme })).url).toBe(acme.url)
  })

  it('are told whole to the runtime, with their routes', () => {
    const look = {
      colors: { light: '#3A4FD0', dark: '#93a5ff' },
      links: [{ label: 'Imprint', url: 'https://zeta.example/imprint' }],
      session: { idleMinutes: 5 },
      identityFirst: true,
      autoRedirect: false,
      passkeys: true,
    }
    const { brands, routes } = runtime(stack({ acme, zeta: { ...zeta, ...look } }, home))
    expect(brands['zeta']).toEqual({
      ...zeta,
      ...look,
      password: 'off',
      colors: { light: '#3a4fd0', dark: '#93a5ff' },
      session: { idleSeconds: 300 },
    })
    expect(routes['zeta']).toMatchObject({ brand: 'zeta', identityProviders: ['guests', 'accounts'] })
  })

  it('name their login hosts for a provider in an order that one more does not change', () => {
    const parsed = parseStack(stack({ acme, zeta, beta: { ...zeta, url: 'https://beta.example' } }, { url: zeta.url }))
    expect([...loginHostsOf(parsed, 'guests').keys()]).toEqual(['zeta', 'acme', 'beta'])
    expect([...loginHostsOf(parsed, 'staff').keys()]).toEqual(['acme'])
  })
})

describe('a stack with brands is refused', () => {
  it.each<[string, Fields, string]>([
    ['without any address', stack({}), 'gatewright:url is missing'],
    [
      'of several without a word which is the stack’s',
      stack({ acme, zeta }),
      'gatewright:url is missing: of several brands (acme, zeta)',
    ],
    ['when one has no address', stack({ acme, zeta: { name: 'Z' } }, home), 'brands.zeta.url is missing'],
    ['when one has no name', stack({ acme, zeta: { url: zeta.url } }, home), 'brands.zeta.name is missing'],
    [
      'when the default contradicts it',
      stack({ default: { url: zeta.url } }, home),
      'brands.default.url is another than url',
    ],
    [
      'when two have one host',
      stack({ acme, zeta: { ...zeta, url: acme.url } }, home),
      'is the login host of acme already',
    ],
    [
      'when one names a provider that is not there',
      stack({ acme: { ...acme, identityProviders: ['stafff'] } }),
      'did you mean staff?',
    ],
    [
      'when nobody offers a provider',
      stack({ acme: { ...acme, identityProviders: ['guests'] } }),
      'identityProviders.staff no brand offers it',
    ],
    [
      'when one has no way in',
      stack({ acme, zeta: { ...zeta, identityProviders: [] } }, home),
      'brands.zeta nobody can sign in here',
    ],
    [
      'when its only way in is a passkey that nobody can get',
      stack({ acme, zeta: { ...zeta, identityProviders: [], passkeys: true } }, home),
      'brands.zeta.passkeys who has no passkey yet',
    ],
    [
      'with passwords and no mail',
      stack({ acme: { ...acme, password: 'on' } }),
      'brands.acme.password a password is set, and forgotten, by mail',
    ],
    [
      'with break_glass for nobody',
      stack({ acme: { ...acme, password: 'break_glass' } }, { mail }),
      'say in admins who that is',
    ],
    [
      'with break_glass and no passkeys',
      stack({ acme: { ...acme, password: 'break_glass', passkeys: false } }, { mail, admins: 'true' }),
      'brands.acme.passkeys break_glass takes a passkey',
    ],
    [
      'with a password that is true',
      stack({ acme: { ...acme, password: true } }),
      'must be one of on, off, break_glass, not true',
    ],
    [
      'with a link in the open',
      stack({ acme: { ...acme, links: [{ label: 'L', url: 'http://a.example' }] } }),
      'use https',
    ],
    [
      'with a script for a link',
      stack({ acme: { ...acme, links: [{ label: 'L', url: 'javascript:alert(1)' }] } }),
      'links[0].url',
    ],
    [
      'with a route of no brand',
      stack({ acme, zeta }, { ...home, routes: { a: route('https://a.example') } }),
      'routes.a.brand is missing: say which of acme, zeta',
    ],
    [
      'with a route of another',
      stack({ acme, zeta }, { ...home, routes: { a: route('https://a.example', { brand: 'acmee' }) } }),
      'there is no brand acmee; did you mean acme?',
    ],
    [
      'with a route whose brand lacks its provider',
      stack(
        { acme, zeta },
        { ...home, routes: { a: route('https://a.example', { brand: 'zeta', identityProviders: ['staff'] }) } },
      ),
      'the brand zeta does not offer staff',
    ],
    [
      'with a route for accounts that nobody signs in by',
      stack({ acme }, { routes: { a: route('https://a.example', { identityProviders: ['accounts'] }) } }),
      'nobody signs in at acme by an account of the gateway',
    ],
    [
      'with a route at another brand’s login host',
      stack({ acme, zeta }, { ...home, routes: { a: route(zeta.url, { brand: 'acme' }) } }),
      'already used by the login host of zeta',
    ],
    [
      'with a host of two brands',
      stack(
        { acme, zeta },
        {
          ...home,
          routes: {
            a: route('https://a.example', { brand: 'acme' }),
            b: route('https://a.example', { brand: 'zeta', prefix: '/b' }),
          },
        },
      ),
      'belongs to another brand',
    ],
    [
      'with a provider called accounts',
      stack({}, { ...home, identityProviders: { accounts: provider('https://a.example') }, routes: {} }),
      'this name is the gateway’s own',
    ],
    [
      'with a provider whose address would be that of passwords',
      stack({}, { ...home, identityProviders: { password: provider('https://a.example') }, routes: {} }),
      'this name is the gateway’s own',
    ],
  ])('%s', (_, input, words) => {
    expect(problems(input).join('\n')).toContain(words)
  })

  it('and each of its mistakes is told once', () => {
    expect(problems(stack({ acme: { ...acme, password: 'onn' } }, home))).toHaveLength(1)
    expect(problems(stack({ acme: { ...acme, url: 'nonsense' } }))).toHaveLength(1)
  })
})

describe('an accent colour', () => {
  const colored = (light: string, dark: string): string[] =>
    problems(stack({ acme: { ...acme, colors: { light, dark } } }))

  it('is read on the card behind it, or refused with what is missing', () => {
    expect(colored('#3a4fd0', '#93a5ff')).toEqual([])
    expect(colored('#ffcc00', '#333333')).toEqual([
      'gatewright:brands.acme.colors.light "#ffcc00": its contrast on #ffffff, the card of a page in light, is 1.51:1; people need at least 4.5:1: take a darker one',
      'gatewright:brands.acme.colors.dark "#333333": its contrast on #171a20, the card of a page in dark, is 1.37:1; people need at least 4.5:1: take a lighter one',
    ])
    expect(colored('blue', '#93a5ff')[0]).toContain('write a colour as #rrggbb')
  })

  it('is taken at the very ratio and not below it, which is never rounded up', () => {
    expect(colored('#767676', '#ffffff')).toEqual([])
    expect(colored('#777777', '#ffffff')[0]).toContain('is 4.47:1')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xff_ff_ff }), (value) => {
        const [found = ''] = colored(`#${value.toString(16).padStart(6, '0')}`, '#ffffff')
        const shown = Number(/is ([\d.]+):1/.exec(found)?.[1] ?? '4.5')
        expect(shown < 4.5).toBe(found !== '')
      }),
      { seed: 7, numRuns: 100 },
    )
  })
})
