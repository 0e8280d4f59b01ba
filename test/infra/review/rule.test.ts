import fc from 'fast-check'
import { expect, it } from 'vitest'

import { ROUTE_RULES, type RouteSide } from '../../../infra/review/route-rules.ts'
import { asksForPresence } from '../../../infra/review/rule.ts'
import { compilePolicy } from '../../../runtime/policy/index.ts'

const seed = 20_261_122

/** Rules over two groups, an address and the method, with everything that CEL combines them by. */
const { rule } = fc.letrec<{ rule: string }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'rule' },
    fc.constantFrom(
      '"a" in user.groups',
      '"b" in user.groups',
      'user.email.endsWith("@x.example")',
      'true',
      'false',
      'user.groups[0] == "a"',
      'user.email == ""',
      'request.method == "GET"',
      'user.groups.exists(g, g != "a")',
    ),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a}) || (${b})`),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a}) && (${b})`),
    tie('rule').map((a) => `!(${a})`),
  ),
}))

/** People who differ in everything that such a rule can tell apart. */
const SOMEBODY = [[], ['a'], ['b'], ['b', 'a'], ['c']].flatMap((groups) =>
  ['', 'p@x.example', 'p@y.example'].flatMap((email) =>
    ['GET', 'POST'].map((method) => ({
      user: { id: 'p', email, name: 'P', groups, provider: 'staff', kind: 'person' as const, claims: {} },
      request: { method, path: '/', host: 'wiki.acme.example', ip: '192.0.2.1', time: 0 },
      session: { acr: '', amr: [], provider: 'staff' },
    })),
  ),
)

/** Who of them passes. */
function passes(expression: string): boolean[] {
  const policy = compilePolicy(expression)
  return SOMEBODY.map((person) => policy.decide(person).allowed)
}

function side(allow: string): RouteSide {
  const rest = { publicPaths: [], corsPreflight: false, websocketOrigins: [], allowEncodedSlash: false, bearer: [] }
  const settings = { brand: 'default', from: 'https://a.example', to: ['http://a'], allow, ...rest }
  return { settings, identityProviders: [], serviceAccounts: [] }
}

it('whoever gains by a change of a rule is found, and whoever loses', () => {
  const tally = { gains: 0, stays: 0 }
  fc.assert(
    fc.property(rule, rule, fc.constantFrom('&&', '||', ''), (former, other, operator) => {
      const present = operator ? `(${former}) ${operator} (${other})` : other
      const [before, after] = [passes(former), passes(present)]
      const [added, removed] = [ROUTE_RULES.way_added, ROUTE_RULES.way_removed].map((decide) =>
        decide(side(former), side(present)),
      )
      const gains = after.some((passed, index) => passed && !before[index])
      const loses = before.some((passed, index) => passed && !after[index])
      expect([gains && added?.length === 0, loses && removed?.length === 0]).toEqual([false, false])
      tally[added?.length === 0 ? 'stays' : 'gains'] += 1
    }),
    { seed, numRuns: 120 },
  )
  // Neither answer is given always.
  expect(Math.min(tally.gains, tally.stays)).toBeGreaterThan(30)
})

it('a rule that is said to ask for presence lets nobody in of whom less is known', () => {
  const tally = { presence: 0, absence: 0 }
  fc.assert(
    fc.property(rule, (allow) => {
      tally[asksForPresence(allow) ? 'presence' : 'absence'] += 1
      if (!asksForPresence(allow)) return
      const policy = compilePolicy(allow)
      const knownLess = SOMEBODY.filter((person) => !policy.decide(person).allowed).flatMap((person) =>
        [[], ...person.user.groups.map((group) => [group])].flatMap((groups) =>
          [person.user.email, ''].map((email) => ({ ...person, user: { ...person.user, groups, email } })),
        ),
      )
      expect(knownLess.filter((person) => policy.decide(person).allowed)).toEqual([])
    }),
    { seed, numRuns: 200 },
  )
  expect(Math.min(tally.presence, tally.absence)).toBeGreaterThan(30)
})

it.each<[string, boolean]>([
  ['"a" in user.groups || user.email == "p@x.example"', true],
  ['user.name.contains("x") && user.provider == "staff"', true],
  ['user.groups.exists(g, g.startsWith("eng-"))', true],
  ['request.path.startsWith("/x") && !(request.method == "GET")', true],
  ['user.id == "p"', true],
  ['user.email == ""', false],
  ['user.email != "p@x.example"', false],
  ['user.groups.exists(g, g == user.name)', false],
  ['user.groups.exists_one(g, g == "a")', false],
  ['user.groups.all(g, g != "a")', false],
  ['size(user.groups) < 3', false],
  ['"a" in user.groups ? false : true', false],
  ['user.id == user.name', false],
  ['user.email.matchesRe2("x*")', false],
  ['"" in user.groups', false],
  ['user.email in ["p@x.example", ""]', false],
  ['"a" in [user.name, "a"]', false],
])('%s asks for presence: %s', (expression, expected) => {
  expect(asksForPresence(expression)).toBe(expected)
})
