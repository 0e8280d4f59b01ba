import { describe, expect, it } from 'vitest'

import { compilePolicy, decisiveParts, type Explanation, missing } from '../../../runtime/policy/index.ts'
import { policyInput, type PolicyInputChange } from '../../support/policy-input.ts'

function explain(expression: string, change: PolicyInputChange = {}): Explanation {
  return compilePolicy(expression).explain(policyInput(change))
}

describe('every part of a rule has its answer', () => {
  it('as a tree of all, one and not', () => {
    const explanation = explain('("staff" in user.groups || "ops" in user.groups) && !(user.claims.a == "b")')
    expect(outline(explanation)).toEqual([
      'all of: error',
      ['one of: true', 'true: in staff', 'false: in ops'],
      ['not: error', 'error: whose a is b'],
    ])
    expect(decisiveParts(explanation).map(({ rule, error }) => [rule, error])).toEqual([
      ['user.claims.a == "b"', 'No such key: a'],
    ])
  })

  it.each<[string, string[]]>([
    ['"staff" in user.groups || "ops" in user.groups', ['"staff" in user.groups']],
    ['"x" in user.groups || "y" in user.groups', ['"x" in user.groups', '"y" in user.groups']],
    [
      '"staff" in user.groups && "x" in user.groups && "y" in user.groups',
      ['"x" in user.groups', '"y" in user.groups'],
    ],
    ['"staff" in user.groups && request.method == "GET"', ['"staff" in user.groups', 'request.method == "GET"']],
    ['!("staff" in user.groups)', ['"staff" in user.groups']],
    [
      'request.method == "POST" || "staff" in user.groups && "x" in user.groups',
      ['request.method == "POST"', '"x" in user.groups'],
    ],
  ])('%s was decided by %j', (expression, parts) => {
    expect(decisiveParts(explain(expression)).map(({ rule }) => rule)).toEqual(parts)
  })

  it.each([
    'true',
    '"staff" in user.groups && (user.claims.a == "b" || request.method == "GET")',
    'user.claims.a == "b" && "x" in user.groups',
    '!(user.claims.a == "b") || user.email.matchesRe2("^alice@")',
    'request.ip.inNetwork("192.0.2.0/24") && request.time.timeOfDay("UTC") > "10:00" && session.age < duration("2m")',
    'user.claims.a == "b" || "x" in user.groups',
  ])('%s: the whole is what was decided', (expression) => {
    const policy = compilePolicy(expression)
    const decision = policy.decide(policyInput())
    const expected = decision.allowed ? 'true' : { rule_false: 'false', rule_error: 'error' }[decision.reason]
    expect(policy.explain(policyInput()).outcome).toBe(expected)
  })
})

describe('a person who was denied is told', () => {
  it.each([
    ['"ops" in user.groups || "admins-2" in user.groups', 'people in ops or in admins-2'],
    ['"staff" in user.groups && "ops" in user.groups', 'people in ops'],
    ['user.email.endsWith("@partner.example")', 'people with an address at partner.example'],
    ['session.age < duration("1s")', 'people who signed in less than 1s ago'],
  ])('by %s: %s', (expression, words) => {
    expect(missing(explain(expression))).toBe(words)
  })

  it.each([
    [
      'an address of somebody else',
      'user.email == "bob@acme.example" || user.email in ["carol@acme.example"]',
      ['bob', 'carol'],
    ],
    ['a name of somebody else', 'user.name == "Bob"', ['Bob']],
    ['which group keeps people out', '!("staff" in user.groups)', ['staff']],
    ['a network', 'request.ip.inNetwork("10.0.0.0/8") || request.ip == "10.0.0.1"', ['10.']],
    [
      'what a claim must be',
      'user.claims.holds("clearance", "secret") || user.claims.level == "secret"',
      ['secret', 'clearance'],
    ],
    ['a rule that has no words', 'user.name + "x" == "Bobx"', ['Bob']],
    [
      'an address inside of other conditions',
      '"staff" in user.groups && !(user.email == "bob@acme.example" || "ops" in user.groups) && "z" in user.groups',
      ['bob', 'ops'],
    ],
  ])('not %s', (_, expression, secrets) => {
    const words = missing(explain(expression))
    for (const secret of secrets) expect(words).not.toContain(secret)
    expect(words).toMatch(/^people /)
  })
})

type Outline = string | Outline[]

function outline({ joint, parts, outcome, words }: Explanation): Outline {
  return joint === undefined ? `${outcome}: ${words}` : [`${joint}: ${outcome}`, ...parts.map(outline)]
}
