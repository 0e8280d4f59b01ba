import { parse } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { expect, it } from 'vitest'

import { compilePolicy, spell } from '../../../runtime/policy/index.ts'

const spelled = (expression: string): string => spell(parse(expression).ast)

it.each([
  ['size(user.groups) - 3 - 2 > 0', 'size(user.groups) - (3 - 2) > 0'],
  ['3 * size(user.groups) % 2 == 1', '3 * (size(user.groups) % 2) == 1'],
  ['8 - (4 + 2) > 0', '8 - 4 + 2 > 0'],
  ['double(size(user.groups)) > 0.0000000001', 'double(size(user.groups)) > 0.0000000002'],
  ['1 == 1', '1u == 1u'],
  ['1.0 == 1.0', '1 == 1'],
  ['b"a" == b"a"', '"a" == "a"'],
  ['(true ? false : true) ? false : true', 'true ? false : true ? false : true'],
  ['user.email == "a\\nb"', 'user.email == "a\\\\nb"'],
  ['user.groups[0] == "a"', 'user.groups[1] == "a"'],
])('%s and %s are two rules', (one, other) => {
  expect(spelled(one)).not.toBe(spelled(other))
})

it.each([
  ['( "a" in user.groups )', "'a' in user.groups"],
  ['((1 + 2)) + 3 > 0', '1 + 2 + 3 > 0'],
  ['!(user.email == "")', '! (user.email == "")'],
])('%s and %s are one rule', (one, other) => {
  expect(spelled(one)).toBe(spelled(other))
})

const { number, truth } = fc.letrec<{ number: string; truth: string }>((tie) => {
  const binary = (operators: string[], part: fc.Arbitrary<string>) =>
    fc.tuple(part, fc.constantFrom(...operators), part).map(([a, operator, b]) => `(${a}) ${operator} (${b})`)
  return {
    number: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'rule' },
      fc.constantFrom('1', '2', '7', 'size(user.groups)'),
      binary(['+', '-', '*', '/', '%'], tie('number')),
      tie('number').map((a) => `-(${a})`),
      fc.tuple(tie('truth'), tie('number'), tie('number')).map(([c, a, b]) => `(${c}) ? (${a}) : (${b})`),
    ),
    truth: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'rule' },
      fc.constantFrom('true', '"a" in user.groups', 'user.groups.exists(g, !(g == "a"))', '{"a": [1]}["a"][0] == 1'),
      binary(['<', '<=', '==', '!='], tie('number')),
      binary(['&&', '||', '==', '!='], tie('truth')),
      tie('truth').map((a) => `!(${a})`),
    ),
  }
})

const PEOPLE = [[], ['a'], ['b', 'c'], ['a', 'b', 'c']].map((groups) => ({
  user: { id: 'p', email: '', name: 'P', groups, provider: 'staff', kind: 'person' as const, claims: {} },
  request: { method: 'GET', path: '/', host: 'wiki.acme.example', ip: '192.0.2.7', time: 0 },
  session: { acr: '', amr: [], provider: 'acme' },
}))

it('the spelling of a rule is the same rule, and its own spelling', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        truth,
        number.map((n) => `(${n}) > 1`),
      ),
      (rule) => {
        const spelling = spelled(rule)
        expect(spelled(spelling)).toBe(spelling)
        const [one, other] = [rule, spelling].map((text) => PEOPLE.map((person) => compilePolicy(text).decide(person)))
        expect(other).toEqual(one)
      },
    ),
    { seed: 20_261_122, numRuns: 80 },
  )
})
