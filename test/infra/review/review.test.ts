import { expect, it } from 'vitest'

import { compareStacks, judgeRules, readStack, renderReview } from '../../../infra/review/index.ts'
import { compareChanged, smallStack, type Stack, stackFile } from './stack.ts'

it('a pull request on a production stack reads like this', async () => {
  const [before, after] = ['before', 'after'].map((name) => {
    const input = stackFile(`${import.meta.dirname}/production/${name}.yaml`)
    const reading = readStack(input)
    if (reading.state !== 'read') throw new Error(`${name} cannot be read`)
    return { reading, rules: { stack: reading.stack, input, nowMs: Date.UTC(2026, 10, 20) } }
  })
  const rules = judgeRules(after!.rules, before!.rules)
  const review = renderReview(compareStacks(before!.reading, after!.reading), 'production', rules)
  await expect(review).toMatchFileSnapshot('production/review.txt')
})

/** What a change does to identity providers and their client secrets, the words without quotes. */
function changes(change: (stack: Stack) => void, former: (stack: Stack) => void = () => undefined): unknown {
  const before = smallStack()
  former(before)
  const comparison = compareChanged(before, change)
  if (!comparison.comparable) return comparison.problems
  const words = ({ parts }: { parts: readonly (string | { quoted: string })[] }) =>
    parts.map((part) => (typeof part === 'string' ? part : part.quoted)).join('')
  return {
    providers: comparison.identityProviders.map(({ id, change: kind, forcedBy, settings }) => [
      id,
      kind,
      forcedBy,
      settings.map(words),
    ]),
    secrets: comparison.clientSecrets.map(({ id, says }) => [id, says.map(words)]),
  }
}

const names = (clientSecrets: string[]) => (stack: Stack) =>
  Object.assign(stack.identityProviders['staff']!, { clientSecrets })

it.each<[string, string[], string[], string[]]>([
  ['begins', ['a'], ['b', 'a'], ['b is made', 'b is preferred from now on']],
  ['ends', ['b', 'a'], ['b'], ['a is deleted']],
  ['puts the new one beside', ['a'], ['a', 'b'], ['b is made']],
  ['turns around', ['a', 'b'], ['b', 'a'], ['b is preferred from now on']],
])('a rotation that %s is told by names', (_, former, present, says) => {
  expect(changes(names(present), names(former))).toEqual({ providers: [], secrets: [['staff', says]] })
})

it.each<[string, (stack: Stack) => void, string[]]>([
  [
    'another address',
    (stack) => Object.assign(stack.identityProviders['staff']!, { url: 'https://b.example' }),
    ['url'],
  ],
  [
    'another kind',
    (stack) =>
      (stack.identityProviders['staff'] = {
        kind: 'okta',
        domain: 'a.okta.com',
        credentials: { apiToken: 'x' },
        allowedGroups: ['x'],
      }),
    ['kind', 'domain', 'url'],
  ],
])('%s forces a replacement, and is named', (_, change, forcedBy) => {
  expect(changes(change)).toMatchObject({
    providers: [['staff', 'replaced', forcedBy, expect.anything()]],
    secrets: [],
  })
})

it('a client that is registered takes the place of one made by hand', () => {
  const registered = { kind: 'oidc', issuer: 'https://id.example', credentials: { initialAccessToken: 'x' } }
  expect(changes((stack) => (stack.identityProviders['guests'] = registered))).toEqual({
    providers: [
      [
        'guests',
        'replaced',
        ['client'],
        [
          'client: registered, instead of gw, made by hand',
          'credentials: another credential for the vendor’s administration API',
        ],
      ],
    ],
    secrets: [],
  })
})

it('another login host moves every callback', () => {
  const comparison = compareChanged(smallStack(), (stack) => (stack['url'] = 'https://sso.acme.example'))
  expect(comparison).toMatchObject({
    widened: true,
    callbacks: [
      { identityProvider: 'guests', change: 'added', url: 'https://sso.acme.example/callback/guests' },
      { identityProvider: 'guests', change: 'removed', url: 'https://login.acme.example/callback/guests' },
      { identityProvider: 'staff', change: 'added', url: 'https://sso.acme.example/callback/staff' },
      { identityProvider: 'staff', change: 'removed', url: 'https://login.acme.example/callback/staff' },
    ],
  })
})
