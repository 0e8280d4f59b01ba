import { expect, it } from 'vitest'

import { parseStack, saysNothing, StackConfigError } from '../../../../infra/config/index.ts'
import { compareStacks, judgeRules, readStack, renderReview } from '../../../../infra/review/index.ts'
import type { Stack } from '../stack.ts'
import { brokenLines, goodStack, judgeChanged, reviewed } from './stack.ts'

/** A stack that breaks a rule at two places. */
function broken(allowances: object) {
  return (stack: Stack): void => {
    const [one, other] = ['one', 'other'].map((name) => ({
      from: `https://${name}.acme.example`,
      to: 'http://app:8080',
    }))
    Object.assign(stack.routes, { one: { ...one, public: 'yes' }, other: { ...other, public: 'todo' } })
    Object.assign(stack['allowances'] as object, allowances)
  }
}

it('a reason allows all of a rule', () => {
  const report = judgeChanged(broken({ public_route_unexplained: 'the shop explains itself' }))
  expect(report).toMatchObject({ broken: [], unneeded: [] })
  expect(report.allowed.map(({ path, reason }) => [path, reason])).toEqual([
    ['gatewright:routes.one.public', 'the shop explains itself'],
    ['gatewright:routes.other.public', 'the shop explains itself'],
    ['gatewright:target.kind', 'one machine is all we have'],
  ])
})

it.each(['routes.one.public', 'gatewright:routes.one.public', 'routes.one'])(
  'a reason at %s allows what is there, and nothing else',
  (path) => {
    const report = judgeChanged(broken({ public_route_unexplained: { [path]: 'the shop explains itself' } }))
    expect(brokenLines(report)).toEqual(['public_route_unexplained gatewright:routes.other.public todo is no reason'])
  },
)

it('a path is one of whole names', () => {
  const report = judgeChanged(broken({ public_route_unexplained: { 'routes.on': 'the shop explains itself' } }))
  expect(report.broken).toHaveLength(2)
  expect(report.unneeded).toEqual(['allowances.public_route_unexplained: gatewright:routes.on'])
})

it('an allowance that nothing needs any more is told', () => {
  expect(judgeChanged(broken({ plain_secret: 'it opens nothing at all' })).unneeded).toEqual([
    'allowances.plain_secret',
  ])
})

it('what only a deployment can tell is not called unneeded without one', () => {
  const change = broken({ secret_overdue: 'the vendor is slow this year' })
  expect(judgeChanged(change).unneeded).toEqual([])
  expect(judgeChanged(change, { proofs: new Map(), environment: {} }).unneeded).toEqual(['allowances.secret_overdue'])
})

it.each<[string, object, string]>([
  ['a rule that is not there', { single_replicas: 'one machine' }, 'is unknown; did you mean single_replica?'],
  [
    'a reason that is none',
    { single_replica: 'todo' },
    'say in a few words why: whoever reviews the next change reads it',
  ],
  ['no reason', { single_replica: true }, 'is true, and has none of the accepted forms'],
])('an allowance of %s is refused', (_, allowances, message) => {
  const parse = () => parseStack({ ...goodStack(), allowances })
  expect(parse).toThrow(StackConfigError)
  expect(parse).toThrow(message)
})

it.each([
  ['see ticket', true],
  ['TODO: fix', true],
  ['webhooks', true],
  ['GitHub webhooks', false],
  ['12 34', true],
  ['', true],
])('%j as a reason says nothing: %s', (text, answer) => {
  expect(saysNothing(text)).toBe(answer)
})

it('a comparison says what is new, and what is allowed from now on', () => {
  const before = goodStack()
  before.routes['docs']!['public'] = 'yes'
  before.identityProviders['staff']!['removal'] = 'allowed'
  const after = structuredClone(before)
  after.routes['wiki']!['from'] = 'https://*.acme.example'
  Object.assign(after['allowances'] as object, { unprotected_removal: 'staff is about to leave us' })
  const report = judgeRules(reviewed(after), reviewed(before))
  const review = renderReview(compareStacks(readStack(before), readStack(after)), 'production', report)
  expect(review).toContain('2 rules are broken: wildcard_redirect_uri, public_route_unexplained.')
  const rows = review.split('\n').filter((line) => line.startsWith('| `'))
  expect(
    rows
      .filter((line) => / (?:broken|allowed|\*\*broken\*\*) \|/.test(line))
      .map((line) => line.split(' | ').slice(0, 4).join(' | ')),
  ).toEqual([
    '| `wildcard_redirect_uri` | `gatewright:routes.wiki.from` | `https://*.acme.example` is a pattern | **new** **broken**',
    '| `public_route_unexplained` | `gatewright:routes.docs.public` | `yes` is no reason | **broken**',
    '| `unprotected_removal` | `gatewright:identityProviders.staff.removal` | its removal deletes the client | **new** allowed',
    '| `single_replica` | `gatewright:target.kind` | everything runs on one machine | allowed',
  ])
  expect(review).not.toContain('setting `allowances`')
})
