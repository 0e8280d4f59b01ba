import { describe, expect, it } from 'vitest'

import { describeAccess } from '../../../infra/access.ts'
import { parseStack } from '../../../infra/config/index.ts'
import { compareStacks, readStack } from '../../../infra/review/index.ts'
import { compareChanged, lines, smallStack, type Stack } from './stack.ts'

type Change = (stack: Stack) => void
const change = (edit: Change): string[] => lines(compareChanged(smallStack(), edit))
const wiki =
  (settings: object): Change =>
  (stack) =>
    Object.assign(stack.routes['wiki']!, settings)

const open = [{ prefix: '/assets', reason: 'pictures' }]

describe('a route', () => {
  it.each<[string, Change, string[]]>([
    [
      'opens a part of itself',
      wiki({ publicPaths: open }),
      ['+ wiki public_paths: everybody, without signing in, at /assets/…'],
    ],
    [
      'lets CORS preflights pass',
      wiki({ corsPreflight: true }),
      ['+ wiki cors_preflight: everybody, without signing in, by CORS preflights (OPTIONS), which the app answers'],
    ],
    [
      'has another path',
      wiki({ prefix: '/docs' }),
      ['+ wiki paths_changed: who passes reaches https://wiki.acme.example/docs instead of https://wiki.acme.example'],
    ],
    [
      'becomes a redirect',
      wiki({ to: undefined, redirect: { to: 'https://new.example' } }),
      ['+ wiki upstream_changed: who passes reaches redirect 302 to https://new.example instead of http://wiki:3000'],
    ],
    [
      'is asked about by another proxy',
      (stack) => {
        stack['forwardAuth'] = { secret: { secure: 'v1:cipher' } }
        wiki({ to: undefined, forwardAuth: true })(stack)
      },
      [
        '+ wiki upstream_changed: who passes reaches another proxy, which asks here instead of http://wiki:3000',
        '+  forward_auth_secret: whoever holds the new secret of forwardAuth, to ask who may pass',
      ],
    ],
    [
      'has one server more',
      wiki({ to: ['http://wiki:3000', 'http://wiki2:3000'] }),
      ['+ wiki upstream_changed: who passes reaches http://wiki:3000, http://wiki2:3000 instead of http://wiki:3000'],
    ],
    [
      'moves below a wildcard',
      wiki({ from: 'https://*.acme.example' }),
      ['+ wiki host_moved: whoever controls *.acme.example, in the name of people who pass there'],
    ],
    [
      'tells its app more',
      wiki({ identity: { headers: { 'X-Email': 'email' } } }),
      ['+ wiki reach_changed: who passes, where identity changes: the app is told other things about who is there'],
    ],
    [
      'sets a header',
      wiki({ requestHeaders: { set: { 'X-Role': 'admin' } } }),
      [
        '+ wiki reach_changed: who passes, where requestHeaders changes: the app is told other things with each request',
      ],
    ],
    [
      'is served otherwise, to the same people',
      wiki({ balance: 'least_requests', retries: 0, timeouts: { total: 5 }, limits: { body: '1MiB' } }),
      [],
    ],
    [
      'comes with something open',
      (stack) =>
        (stack.routes['new'] = {
          from: 'https://new.acme.example',
          to: 'http://new',
          allow: 'false',
          publicPaths: open,
        }),
      ['+ new public_paths: everybody, without signing in, at /assets/…'],
    ],
  ])('that %s', (_, edit, expected) => {
    expect(change(edit)).toEqual(expected)
  })

  it('that closes a part of itself', () => {
    const before = smallStack()
    wiki({ publicPaths: open })(before)
    expect(lines(compareChanged(before, wiki({ publicPaths: [] })))).toEqual([
      '- wiki public_paths: everybody, at /assets/…',
    ])
  })

  it('that changes how it is served says so where nobody gains or loses', () => {
    const comparison = compareChanged(smallStack(), wiki({ retries: 0, tls: undefined, prefix: '/docs' }))
    if (!comparison.comparable) throw new Error('not comparable')
    const said = comparison.routes.map(({ parts }) =>
      parts.map((part) => (typeof part === 'string' ? part : part.quoted)).join(''),
    )
    expect(said).toEqual([
      'wiki moves from https://wiki.acme.example to https://wiki.acme.example/docs',
      'wiki: retries changes',
    ])
  })
})

it('a provider that keeps more claims lets rules read them', () => {
  const keeps =
    (claims: string[]): Change =>
    (stack) =>
      Object.assign(stack.identityProviders['staff']!, { claims })
  expect(change(keeps(['department']))).toEqual([
    '+ staff claims_kept: people, by rules that read department: they are known from now on',
  ])
  const before = smallStack()
  keeps(['department'])(before)
  expect(lines(compareChanged(before, keeps([])))).toEqual([
    '+ staff claims_kept: people, by rules that ask for department not to be there',
  ])
})

it('a client certificate’s key is compared, and never shown', () => {
  const withKey = (key: unknown): Change =>
    wiki({ to: 'https://wiki:3000', tls: { clientCertificate: { certificate: 'a.pem', key } } })
  const before = smallStack()
  withKey({ secure: 'v1:one' })(before)
  expect(lines(compareChanged(before, withKey({ secure: 'v1:one' })))).toEqual([])
  const changed = compareChanged(before, withKey({ secure: 'v1:two' }))
  expect(lines(changed)).toHaveLength(1)
  expect(JSON.stringify(changed)).not.toContain('v1:')
  const wrong = smallStack()
  withKey(['a-pasted-secret'])(wrong)
  expect(JSON.stringify(compareStacks(readStack(before), readStack(wrong)))).not.toContain('a-pasted-secret')
})

it('the access map names what passes without a session, an entry each', () => {
  const stack = smallStack()
  wiki({ publicPaths: [...open, { path: '/health', reason: 'probes' }], corsPreflight: true })(stack)
  const shown = structuredClone(stack)
  for (const provider of Object.values(shown.identityProviders)) {
    if ('credentials' in provider) provider['credentials'] = { apiKey: 'x' }
    if ('client' in provider) provider['client'] = { id: 'gw', secret: 'x' }
  }
  expect(describeAccess(parseStack(shown))['wiki']).toEqual({
    '"staff" in user.groups': 'people in staff',
    'public /assets/…': 'everybody, without signing in, at /assets/… (pictures)',
    'public /health': 'everybody, without signing in, at /health (probes)',
    'CORS preflight': 'everybody, without signing in, by CORS preflights (OPTIONS), which the app answers',
  })
})
