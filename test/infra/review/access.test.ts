import { describe, expect, it } from 'vitest'

import type { Judgement } from '../../../infra/review/finding.ts'
import type { Plain, PlainMap } from '../../../infra/review/plain.ts'
import { PROVIDER_RULES } from '../../../infra/review/provider-rules.ts'
import type { ProviderSide } from '../../../infra/review/provider-sides.ts'
import { ROUTE_RULES, type RouteSide } from '../../../infra/review/route-rules.ts'
import { STACK_RULES, type StackSide } from '../../../infra/review/stack-rules.ts'
import { compareChanged, lines, smallStack, type Stack } from './stack.ts'

type Change = (stack: Stack) => void
const change = (edit: Change): string[] => lines(compareChanged(smallStack(), edit))
const wiki =
  (settings: object): Change =>
  (stack) =>
    Object.assign(stack.routes['wiki']!, settings)
const staff =
  (settings: object): Change =>
  (stack) =>
    Object.assign(stack.identityProviders['staff']!, settings)

const routeSide = (extra: object): RouteSide => ({
  settings: {
    brand: 'default',
    from: 'https://a.example',
    to: ['http://a'],
    publicPaths: [],
    corsPreflight: false,
    websocketOrigins: [],
    allowEncodedSlash: false,
    bearer: [],
    ...extra,
  },
  identityProviders: [],
  serviceAccounts: [],
})
const providerSide = (settings: PlainMap): ProviderSide => ({ settings, rulesAskForPresence: true })
const stackSide = (settings: [string, Plain][]): StackSide => ({
  settings: new Map(settings),
  routesByAddress: [],
})

/** Applies one change to both versions, and another one to the new version alone. */
function changeFrom(former: Change, edit: Change): string[] {
  const before = smallStack()
  former(before)
  return lines(compareChanged(before, edit))
}

describe('a route', () => {
  it.each<[string, Change, string[]]>([
    ['stays as it is', () => undefined, []],
    ['is spelled otherwise', wiki({ allow: " ( 'staff'   in user.groups )" }), []],
    [
      'lets others in too',
      wiki({ allow: '"staff" in user.groups || "interns" in user.groups' }),
      ['+ wiki way_added: people in interns'],
    ],
    [
      'asks for more',
      wiki({ allow: '"staff" in user.groups && user.email.endsWith("@acme.example")' }),
      ['- wiki way_removed: people in staff, except people in staff and with an address at acme.example'],
    ],
    [
      'asks for something else',
      wiki({ allow: '"admins" in user.groups' }),
      ['+ wiki way_added: people in admins', '- wiki way_removed: people in staff'],
    ],
    ['lets everyone in who signs in', wiki({ allow: 'true' }), ['+ wiki way_added: everyone who signs in']],
    ['lets nobody in', wiki({ allow: 'false' }), ['- wiki way_removed: people in staff, except nobody']],
    [
      'becomes public',
      wiki({ allow: undefined, public: 'launch day' }),
      ['+ wiki public_opened: everybody, without signing in (launch day)'],
    ],
    [
      'is public no more',
      (stack) => (stack.routes['docs'] = { ...stack.routes['docs'], public: undefined, allow: 'true' }),
      ['- docs public_closed: everybody who does not meet the new rule'],
    ],
    [
      'is new',
      (stack) =>
        (stack.routes['new'] = { from: 'https://new.acme.example', to: 'http://new', allow: '"a" in user.groups' }),
      ['+ new route_added: people in a'],
    ],
    [
      'is new and lets nobody in',
      (stack) => (stack.routes['new'] = { from: 'https://new.acme.example', to: 'http://new', allow: 'false' }),
      [],
    ],
    ['is gone', (stack) => delete stack.routes['wiki'], ['- wiki route_removed: people in staff']],
    [
      'takes fewer providers',
      wiki({ identityProviders: ['staff'] }),
      ['- wiki provider_dropped: people whom guests signs in'],
    ],
    ['names the providers that it took anyway', wiki({ identityProviders: ['staff', 'guests'] }), []],
    [
      'leads to another app',
      wiki({ to: 'http://vault:8200' }),
      ['+ wiki upstream_changed: who passes reaches http://vault:8200 instead of http://wiki:3000'],
    ],
    [
      'moves to another host',
      wiki({ from: 'https://wiki.evil.example' }),
      ['+ wiki host_moved: whoever controls wiki.evil.example, in the name of people who pass there'],
    ],
    ['moves to another port', wiki({ from: 'https://wiki.acme.example:8443' }), []],
    [
      'is public and moves',
      (stack) => Object.assign(stack.routes['docs']!, { from: 'https://docs2.acme.example' }),
      [],
    ],
    [
      'takes WebSockets from another site',
      wiki({ websocketOrigins: ['https://a.example'] }),
      ['+ wiki websocket_origins: pages of https://a.example, to open WebSockets in the name of who looks at them'],
    ],
    ['passes encoded slashes on', wiki({ allowEncodedSlash: true }), []],
  ])('that %s', (_, edit, expected) => {
    expect(change(edit)).toEqual(expected)
  })

  it('whose rule reads the request is wider at another host, and with encoded slashes', () => {
    const rule = 'request.path.startsWith("/public/") || "staff" in user.groups'
    expect(
      changeFrom(wiki({ allow: rule }), wiki({ from: 'https://w.acme.example', allowEncodedSlash: true })),
    ).toEqual([
      expect.stringContaining('+ wiki host_moved'),
      expect.stringContaining('+ wiki host_changed'),
      expect.stringContaining('+ wiki encoded_slash_allowed'),
    ])
  })

  it('that takes more providers again', () => {
    expect(
      changeFrom(wiki({ identityProviders: ['staff'] }), (stack) => delete stack.routes['wiki']!['identityProviders']),
    ).toEqual(['+ wiki provider_accepted: people whom guests signs in, by the route’s rule'])
  })
})

describe('an identity provider', () => {
  it('that says groups from now on, or no more, is wider or narrower', () => {
    const auth0 = { kind: 'auth0', domain: 'acme.auth0.com', credentials: { clientId: 'x', clientSecret: 'y' } }
    const claim =
      (groupsClaim: boolean): Change =>
      (stack) =>
        (stack.identityProviders['a'] = { ...auth0, groupsClaim })
    expect(changeFrom(claim(false), claim(true))).toEqual([
      '+ a groups_claim: people of whom groups are said from now on',
    ])
    expect(changeFrom(claim(true), claim(false))).toEqual([
      '- a groups_claim: people of whom groups are not said any more',
    ])
  })

  it('that is new is wider at each route that takes all', () => {
    const google = { kind: 'google', client: { id: 'x', secret: 'y' } }
    expect(change((stack) => (stack.identityProviders['google'] = google))).toEqual([
      '+ wiki provider_accepted: people whom google signs in, by the route’s rule',
      '+ google provider_added: people whom google (https://accounts.google.com) signs in',
    ])
  })

  it('that is gone is narrower', () => {
    expect(change((stack) => delete stack.identityProviders['guests'])).toEqual([
      '- wiki provider_dropped: people whom guests signs in',
      '- guests provider_removed: people whom oidc (https://id.example) signs in',
    ])
  })

  it('that is another directory has other people', () => {
    expect(change(staff({ url: 'https://other.example', allowedGroups: ['x'] }))).toEqual([
      '+ staff provider_replaced: people whom pocket-id (https://other.example) signs in',
      '- staff provider_replaced: people whom pocket-id (https://sso.acme.example) signs in',
    ])
  })

  it('that is another directory by its path alone has other people', () => {
    const keycloak = (basePath: string): Change => {
      const credentials = { clientId: 'x', clientSecret: 'y' }
      const settings = { kind: 'keycloak', url: 'https://sso.example', realm: 'acme', basePath, credentials }
      return (stack) => (stack.identityProviders['k'] = settings)
    }
    expect(changeFrom(keycloak('/a'), keycloak('/b')).map((line) => line.split(':')[0])).toEqual([
      '+ k provider_replaced',
      '- k provider_replaced',
    ])
  })

  it.each<[string, object, object, string[]]>([
    ['asks for groups', {}, { allowedGroups: ['b', 'a'] }, ['- staff allowed_groups: who is in none of a, b']],
    [
      'asks for no group any more',
      { allowedGroups: ['a'] },
      { allowedGroups: [] },
      ['+ staff allowed_groups: whoever the vendor lets in: no group is asked for any more'],
    ],
    [
      'exchanges a group',
      { allowedGroups: ['a', 'b'] },
      { allowedGroups: ['b', 'c'] },
      ['+ staff allowed_groups: members of c', '- staff allowed_groups: who is in no other group than a'],
    ],
    ['lists groups in another order', { allowedGroups: ['a', 'b'] }, { allowedGroups: ['b', 'a'] }, []],
    [
      'counts addresses of any domain',
      { allowedDomains: ['a.example'] },
      { allowedDomains: [] },
      ['+ staff allowed_domains: people with an address of any domain, or with none'],
    ],
    [
      'counts fewer domains',
      { allowedDomains: ['a.example', 'b.example'] },
      { allowedDomains: ['a.example'] },
      ['- staff allowed_domains: people with an address at b.example'],
    ],
    [
      'is believed',
      { allowedDomains: ['a.example'] },
      { emailTrust: 'trust-idp' },
      ['+ staff email_trust: people whose address nobody has verified: whatever the provider says counts'],
    ],
    [
      'is asked for less',
      {},
      { scopes: ['openid', 'profile', 'email'] },
      ['- staff scopes: people of whom only the scope groups said what a rule asks for'],
    ],
    [
      'is asked for more',
      { scopes: ['openid'] },
      { scopes: ['openid', 'groups', 'offline_access'] },
      ['+ staff scopes: people of whom the scope groups says what a rule asks for'],
    ],
    [
      'takes another client over',
      {},
      { import: '0oa1' },
      ['+ staff client_exchanged: whoever the vendor lets in to another client'],
    ],
    [
      'changes what lets nobody in',
      {},
      {
        name: 'N',
        buttonText: 'B',
        authMethod: 'client_secret_basic',
        removal: 'protected',
        directory: true,
        clientSecrets: ['a'],
      },
      [],
    ],
  ])('that %s', (_, former, present, expected) => {
    expect(changeFrom(staff(former), staff(present))).toEqual(expected)
  })

  it('of which less is known is wider where a rule asks for something not to be there', () => {
    const rule = '"staff" in user.groups && !("interns" in user.groups)'
    const found = changeFrom(wiki({ allow: rule }), staff({ scopes: ['openid', 'profile', 'email', 'offline_access'] }))
    expect(found).toEqual([
      expect.stringMatching(/^\+ staff scopes: whoever passes by a rule that asks for something not/),
    ])
  })

  it('of kind entra says the groups that may sign in, and no others', () => {
    const entra =
      (...allowedGroups: string[]): Change =>
      (stack) => {
        const credentials = { clientId: 'x', clientSecret: 'y' }
        const tenantId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
        stack.identityProviders = { microsoft: { kind: 'entra', tenantId, credentials, allowedGroups } }
      }
    expect(changeFrom(entra(), entra('staff'))).toEqual([
      '- microsoft allowed_groups: who is in none of staff',
      '+ microsoft allowed_groups_said: members of staff, by rules that ask for these groups: they are said from now on',
    ])
    const absence = wiki({ allow: '"staff" in user.groups && !("interns" in user.groups)' })
    const both: Change = (stack) => (entra('staff', 'interns')(stack), absence(stack))
    expect(changeFrom(both, entra('staff'))).toEqual([
      expect.stringMatching(/^\+ microsoft allowed_groups: whoever passes by a rule that asks for something not/),
    ])
  })

  it('of kind local is wider by a person, and by what a person becomes', () => {
    const person = (groups: string[]) => ({ name: 'P', email: 'p@acme.example', groups })
    const local = { kind: 'local', url: 'http://idp.localhost:8402', people: { alice: person([]), bob: person([]) } }
    const people = { alice: person(['staff']), constructor: person([]) }
    expect(
      changeFrom(
        (stack) => (stack.identityProviders['local'] = local),
        (stack) => (stack.identityProviders['local']!['people'] = people),
      ),
    ).toEqual([
      '+ local people: constructor, who can sign in from now on',
      '+ local people: alice, of whom name, address or groups change',
      '- local people: bob, who cannot sign in any more',
    ])
  })
})

describe('a setting that the rules do not know yet', () => {
  it.each<[string, () => Judgement[]]>([
    ['a route', () => ROUTE_RULES.setting_unknown(routeSide({ future: 1 }), routeSide({ future: 2 }))],
    ['a provider', () => PROVIDER_RULES.setting_unknown(providerSide({}), providerSide({ future: 2 }))],
    ['the stack', () => STACK_RULES.setting_unknown(stackSide([['future', 1]]), stackSide([]))],
  ])('is wider at %s', (_, decide) => {
    expect(decide()).toEqual([{ effect: 'widens', says: expect.anything() }])
  })
})

it('another login host is wider by who controls it; another port of it is not', () => {
  expect(change((stack) => (stack['url'] = 'https://login.evil.example'))).toEqual([
    '+  login_host_moved: whoever controls login.evil.example, in the name of everybody who signs in there',
  ])
  expect(change((stack) => (stack['url'] = 'https://login.acme.example:8443'))).toEqual([])
})

it('listening on the network is wider, on this machine alone it is not', () => {
  const target = (settings: object) => change((stack) => (stack['target'] = { kind: 'process', ...settings }))
  expect(target({ listen: '0.0.0.0:8400', admin: '[::]:8401' })).toEqual([
    '+  listener_exposed: whoever reaches this machine’s 0.0.0.0: target.listen listens on the network',
    '+  listener_exposed: whoever reaches this machine’s ::: target.admin listens on the network',
  ])
  expect(target({ listen: '127.0.0.1:8500', admin: '[::1]:8401' })).toEqual([])
})

describe('the proxies in front', () => {
  const proxies = (stack: Stack, ...networks: string[]) => (stack['trustedProxies'] = networks)
  const from =
    (...networks: string[]): Change =>
    (stack) => {
      Object.assign(stack.routes['wiki']!, { allow: 'request.ip.inNetwork("10.0.0.0/8") || "staff" in user.groups' })
      proxies(stack, ...networks)
    }

  it('are wider where a rule reads the address: one that is believed, and one whose own address counts', () => {
    expect(changeFrom(from('10.1.0.0/16'), from('10.2.0.0/16'))).toEqual([
      '+  trusted_proxies: whoever asks through 10.2.0.0/16, where rules read the client’s address (wiki): its X-Forwarded-For is believed',
      '+  trusted_proxies: whoever asks through 10.1.0.0/16, where rules read the client’s address (wiki): it is the proxy’s own from now on',
    ])
  })

  it('let nobody in where no rule does, or where the order alone is another', () => {
    expect(change((stack) => proxies(stack, '10.0.0.0/8'))).toEqual([])
    expect(changeFrom(from('10.1.0.0/16', '10.2.0.0/16'), from('10.2.0.0/16', '10.1.0.0/16'))).toEqual([])
  })

  it('are told of with a rule that begins to read the address', () => {
    expect(change(from('10.0.0.0/8'))).toEqual([
      expect.stringContaining('+ wiki way_added'),
      expect.stringContaining('+  trusted_proxies: whoever asks through 10.0.0.0/8'),
    ])
  })
})

it('longer sessions are wider, shorter ones narrower', () => {
  expect(change((stack) => (stack['session'] = { idleMinutes: 60, absoluteMinutes: 2_000 }))).toEqual([
    '-  session_idle: who is signed in, sooner: session.idleMinutes from 480 to 60',
    '+  session_absolute: who is signed in, for longer: session.absoluteMinutes from 1440 to 2000',
  ])
})
