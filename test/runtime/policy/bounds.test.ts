import { describe, expect, it } from 'vitest'

import { compilePolicy, PolicyError } from '../../../runtime/policy/index.ts'
import { policyInput } from '../../support/policy-input.ts'

const many = Array.from({ length: 5_000 }, (_, index) => `group-${index}-${'x'.repeat(40)}`)

describe('an expression that could take too long, or too much, is refused at load', () => {
  const nested = (depth: number, inner: string) => '('.repeat(depth) + inner + ')'.repeat(depth)
  it.each([
    ['comprehensions in comprehensions', 'user.groups.exists(a, user.groups.exists(b, a != b))'],
    ['comprehensions over comprehensions', 'user.groups.map(a, a + a).map(b, b + b).size() > 0'],
    ['a list inside a comprehension', 'user.groups.exists(a, a in user.groups)'],
    ['a list that is compared for each element', 'user.groups.exists(a, user.groups == user.groups)'],
    ['a list of claims inside a comprehension', 'user.groups.exists(a, a in user.claims.roles)'],
    ['a pattern over the path for each group', 'user.groups.exists(a, request.path.matchesRe2("(x+)+y"))'],
    ['a split for each group', 'user.groups.exists(a, request.path.split(a).size() > 2)'],
    [
      'much for each group',
      `user.groups.exists(g, ${Array.from({ length: 30 }, (_, i) => `g == "${i}"`).join(' || ')})`,
    ],
    ['three hundred alternatives', Array.from({ length: 300 }, (_, i) => `user.name == "${i}"`).join(' || ')],
    ['a list of a thousand', `user.name in [${Array.from({ length: 1_000 }, (_, i) => `"${i}"`).join(', ')}]`],
    ['many sums', `(${Array.from({ length: 40 }, () => 'user.name').join(' + ')}) == "x"`],
    ['deep parentheses', nested(100, 'true')],
    ['joined lists', 'user.groups.join(user.groups.join(",")).size() > 0'],
    ['values that are named', 'cel.bind(a, user.groups + user.groups, cel.bind(b, a + a, "x" in b))'],
  ])('%s', (_, expression) => {
    expect(() => compilePolicy(expression)).toThrow(PolicyError)
  })
})

describe('whatever a person brings, a rule comes to an end', () => {
  it.each([
    ['"group-4999-absent" in user.groups'],
    ['!user.groups.exists(group, group.startsWith("team-") && group.contains("x"))'],
    ['user.groups.all(group, group != "group-4999")'],
    ['user.groups.filter(group, group.matchesRe2("^(x+)+y$")).size() == 0'],
    ['!user.groups.exists(group, request.path.contains("/" + group + "/"))'],
  ])('%s in five thousand groups', (expression) => {
    const input = policyInput({ user: { groups: many }, request: { path: `/${'y'.repeat(16_000)}` } })
    expect(['rule_false', undefined]).toContain(reasonOf(expression, input))
  })

  it('takes a hostile address against a backtracking pattern without effort', () => {
    const input = policyInput({ user: { email: `${'a'.repeat(2_000)}!` } })
    expect(reasonOf('user.email.matchesRe2("^(a+)+$")', input)).toBe('rule_false')
  })

  it('does not hold a pattern against a text of any length: that is an error, which denies', () => {
    const input = policyInput({ request: { path: `/${'a'.repeat(10_000)}` } })
    expect(reasonOf('!request.path.matchesRe2("b")', input)).toBe('rule_error')
  })
})

function reasonOf(expression: string, input: ReturnType<typeof policyInput>): string | undefined {
  const decision = compilePolicy(expression).decide(input)
  return decision.allowed ? undefined : decision.reason
}
