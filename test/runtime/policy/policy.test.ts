import { describe, expect, it } from 'vitest'

import { compilePolicy, PolicyError, type PolicyInput } from '../../../runtime/policy/index.ts'

const alice: PolicyInput = {
  user: {
    id: 'alice',
    email: 'alice@acme.example',
    name: 'Alice',
    groups: ['staff', 'admins'],
    provider: 'acme',
    kind: 'person',
  },
  request: { method: 'GET', path: '/', host: 'hello.acme.example' },
}

function refusal(expression: string): PolicyError {
  try {
    compilePolicy(expression)
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  throw new Error(`accepted ${expression}`)
}

describe('a rule', () => {
  it.each([
    ['"staff" in user.groups', true],
    ['"contractors" in user.groups', false],
    ['user.email.endsWith("@acme.example") && request.method == "GET"', true],
    ['user.groups.exists(group, group.startsWith("adm"))', true],
    ['user.email.matchesRe2("^a.*@acme[.]example$")', true],
  ])('%s → %s', (expression, allowed) => {
    expect(compilePolicy(expression).decide(alice).allowed).toBe(allowed)
  })

  it('denies when evaluating it fails', () => {
    const policy = compilePolicy('user.groups[7] == "staff"')
    expect(policy.decide(alice)).toEqual({ allowed: false, reason: 'rule_error' })
  })

  it('takes a hostile address against a backtracking pattern without effort', () => {
    const policy = compilePolicy('user.email.matchesRe2("^(a+)+$")')
    const hostile = { ...alice, user: { ...alice.user, email: `${'a'.repeat(50_000)}!` } }
    expect(policy.decide(hostile)).toEqual({ allowed: false, reason: 'rule_false' })
  })
})

describe('a rule is refused at load', () => {
  it('with a caret under the mistake', () => {
    expect(refusal('"staff" in user.grups').message).toBe(
      ['No such key: grups', '  "staff" in user.grups', '                  ^'].join('\n'),
    )
  })

  it.each([
    ['"staff" in user.groups ||', 'EOF'],
    ['user.name', 'must be true or false'],
    ['user.email.matches("a")', 'matchesRe2'],
    ['user.email.matchesRe2(user.name)', 'literal'],
    ['user.email.matchesRe2("(")', 'RE2'],
    ['user.groups.exists(a, user.groups.exists(b, a != b))', 'comprehensions'],
    [Array.from({ length: 300 }, (_, i) => `user.name == "${i}"`).join(' || '), ''],
    ['process.env', ''],
  ])('%.60s', (expression, message) => {
    const error = refusal(expression)
    expect(error.code).toBe('policy_invalid')
    expect(error.message).toContain(message)
  })
})
