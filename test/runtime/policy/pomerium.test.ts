import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  compilePolicy,
  compilePomeriumPolicy,
  type PolicyInput,
  PomeriumPolicyError,
  type PomeriumProblem,
} from '../../../runtime/policy/index.ts'
import { policyInput, type PolicyInputChange } from '../../support/policy-input.ts'

function passes(block: unknown, change: PolicyInputChange = {}): boolean {
  return compilePolicy(compilePomeriumPolicy(block)).decide(policyInput(change)).allowed
}

function problems(block: unknown): readonly PomeriumProblem[] {
  try {
    compilePomeriumPolicy(block)
  } catch (error) {
    if (error instanceof PomeriumPolicyError) return error.problems
    throw error
  }
  return []
}

const allow = (...criteria: unknown[]) => ({ allow: { and: criteria } })

describe('a block', () => {
  it('is CEL that a reviewer can read', () => {
    const block = {
      allow: { and: [{ domain: { is: 'acme.example' } }, { 'claim/groups': 'staff' }, { 'claim/department': 'it' }] },
      deny: { or: [{ email: { is: 'Mallory@acme.example' } }, { http_path: { starts_with: '/admin' } }] },
    }
    expect(compilePomeriumPolicy(block)).toBe(
      'user.email.endsWith("@acme.example") && "staff" in user.groups && user.claims.holds("department", "it")' +
        ' && !(user.email == "mallory@acme.example") && !request.path.startsWith("/admin")',
    )
  })

  it('denies whom a deny means, whoever allows them', () => {
    const block = [allow({ accept: true }), { deny: { and: [{ email: 'alice@acme.example' }] } }]
    expect(passes(block)).toBe(false)
    expect(passes(block, { user: { email: 'bob@acme.example' } })).toBe(true)
  })

  it.each<[string, unknown, boolean, PolicyInputChange?]>([
    ['a domain is that of the only @', { domain: 'corp.com' }, false, { user: { email: 'a@evil.com' } }],
    ['a domain begins behind the @', { domain: { starts_with: 'alice' } }, false],
    ['a domain ends as it does', { domain: { ends_with: '.example' } }, true],
    ['a domain has no part of the name', { domain: { contains: 'alice' } }, false],
    ['a domain contains what it does, sign by sign', { domain: { contains: 'c.e' } }, false],
    ['a domain contains what it does', { domain: { contains: 'me.ex' } }, true],
    ['a domain is one of several', { domain: { in: ['x.example', 'ACME.example'] } }, true],
    ['a domain that is not known is none', { domain: { not_in: ['acme.example'] } }, true, { user: { email: '' } }],
    ['nobody in two groups is in one alone', { groups: { is: 'staff' } }, false],
    ['somebody in one group is', { groups: { is: 'staff' } }, true, { user: { groups: ['staff'] } }],
    ['an excluded group excludes', { groups: { exclude: 'admins' } }, false],
    ['a claim may be a list', { 'claim/roles': 'ops' }, true, { user: { claims: { roles: ['dev', 'ops'] } } }],
    ['a claim may be a number', { 'claim/level': 5 }, true, { user: { claims: { level: 5 } } }],
    ['a claim that is not there is none', { 'claim/roles': 'ops' }, false],
    [
      'a claim may be called as it likes',
      { 'claim/https://x/y': 'z' },
      true,
      { user: { claims: { 'https://x/y': 'z' } } },
    ],
    ['an address lies in a network', { source_ip: ['10.0.0.0/8', '192.0.2.0/24'] }, true],
    ['a working day is one', { day_of_week: 'mon-fri' }, true],
    ['a range of days goes over the end of the week', { day_of_week: 'sat-mon' }, true],
    ['a day that is not named is not meant', { day_of_week: 'tue,Wednesday' }, false],
    [
      'a time of day is that of its zone',
      { time_of_day: { timezone: 'Europe/Berlin', after: '11:29', before: '11:31' } },
      true,
    ],
    ['noon is 12 PM', { time_of_day: { timezone: 'UTC', after: '12 PM' } }, false],
    ['midnight is 12 AM', { time_of_day: { timezone: 'UTC', after: '12:00AM' } }, true],
    ['a date without a zone is UTC', { date: { after: '2026-03-02T10:29:59', before: '2026-03-02T10:30:01' } }, true],
    ['all operators of a matcher count', { email: { starts_with: 'alice', not: 'alice@acme.example' } }, false],
    ['whoever signs in is authenticated', { authenticated_user: true }, true],
    ['a rejection rejects', { reject: true }, false],
  ])('%s', (_, criterion, expected, change) => {
    expect(passes(allow(criterion), change)).toBe(expected)
  })

  it.each<[unknown, (string | number)[], string]>([
    [{ alow: { and: [{ accept: true }] } }, ['alow'], 'did you mean allow?'],
    [{ allow: { nand: [{ accept: true }] } }, ['allow', 'nand'], 'did you mean and?'],
    [[{ allow: { or: [{ emial: 'x' }] } }], [0, 'allow', 'or', 0, 'emial'], 'did you mean email?'],
    [allow({ email: { end_with: 'x' } }), ['allow', 'and', 0, 'email', 'end_with'], 'did you mean ends_with?'],
    [allow({ email: { in: ['x', 7] } }), ['allow', 'and', 0, 'email', 'in', 1], 'text'],
    [allow({ email: '' }), ['allow', 'and', 0, 'email'], 'not empty'],
    [allow({ accept: false }), ['allow', 'and', 0, 'accept'], 'must be true'],
    [allow({ domain: '@acme.example' }), ['allow', 'and', 0, 'domain'], 'without one'],
    [allow({ 'email/x': 'y' }), ['allow', 'and', 0, 'email/x'], 'slash'],
    [allow({ claim: 'y' }), ['allow', 'and', 0, 'claim'], 'claim/department'],
    [allow({ cors_preflight: true }), ['allow', 'and', 0, 'cors_preflight'], 'corsPreflight: true'],
    [allow({ device: { type: 'any' } }), ['allow', 'and', 0, 'device'], 'cannot be asked here'],
    [allow({ source_ip: '10.0.0.0/99' }), ['allow', 'and', 0, 'source_ip'], 'prefix'],
    [allow({ day_of_week: 'mo' }), ['allow', 'and', 0, 'day_of_week'], 'no day'],
    [allow({ time_of_day: { after: '9:00' } }), ['allow', 'and', 0, 'time_of_day', 'timezone'], 'Europe/Berlin'],
    [allow({ time_of_day: { timezone: 'UTC', after: '9' } }), ['allow', 'and', 0, 'time_of_day', 'after'], '15:04'],
    [allow({ date: { after: 'soon' } }), ['allow', 'and', 0, 'date', 'after'], '2030'],
    [allow({ email: 'x', user: 'y' }), ['allow', 'and', 0], 'more than one'],
    [{ allow: { and: [] } }, ['allow', 'and'], 'list of criteria'],
    [{ deny: { and: [{ accept: true }] } }, [], 'nobody could pass'],
    ['everyone', [], 'map'],
    [allow({ constructor: true }), ['allow', 'and', 0, 'constructor'], 'no criterion'],
  ])('%j is refused at %j', (block, path, message) => {
    expect(problems(block)).toEqual([{ path, message: expect.stringContaining(message) as string }])
  })

  it('tells all mistakes at once', () => {
    expect(problems([{ allow: { and: [{ a: 1 }, { b: 2 }] } }, { deny: 7 }]).map(({ path }) => path.join('.'))).toEqual(
      ['0.allow.and.0.a', '0.allow.and.1.b', '1.deny'],
    )
  })
})

/** What a block means, read as its documentation reads, without any CEL. */
function meaning(block: Block, { user, request }: PolicyInput): boolean {
  const holds = (criterion: Criterion): boolean => {
    const name = Object.keys(criterion)[0] ?? ''
    const data = criterion[name]
    const matches = (text: string) =>
      Object.entries(data as Record<string, string | string[]>).every(([operator, value]) =>
        matchesOne(text, operator, value),
      )
    if (name === 'accept') return true
    if (name === 'reject') return false
    if (name === 'email') return matches(user.email)
    if (name === 'domain') return matches(user.email.split('@')[1] ?? '')
    if (name === 'http_method') return matches(request.method)
    if (name === 'http_path') return matches(request.path)
    if (name === 'groups') return user.groups.includes(String(data))
    const value = user.claims[name.slice('claim/'.length)]
    return Array.isArray(value) ? value.includes(data) : value === data
  }
  const isTrue = (body: Body): boolean =>
    (body.and?.every(holds) ?? false) ||
    (body.or?.some(holds) ?? false) ||
    (body.not?.every((criterion) => !holds(criterion)) ?? false) ||
    (body.nor?.some((criterion) => !holds(criterion)) ?? false)
  const rules = block.flatMap((rule) => Object.entries(rule))
  return (
    rules.some(([action, body]) => action === 'allow' && isTrue(body)) &&
    !rules.some(([action, body]) => action === 'deny' && isTrue(body))
  )
}

function matchesOne(text: string, operator: string, value: string | string[]): boolean {
  const one = String(value)
  switch (operator) {
    case 'is':
      return text === one
    case 'not':
      return text !== one
    case 'starts_with':
      return text.startsWith(one)
    case 'ends_with':
      return text.endsWith(one)
    case 'contains':
      return text.includes(one)
    case 'in':
      return value.includes(text)
    default:
      return !value.includes(text)
  }
}

type Criterion = Record<string, unknown>
type Body = Partial<Record<'and' | 'or' | 'not' | 'nor', Criterion[]>>
type Block = Partial<Record<'allow' | 'deny', Body>>[]

const word = fc.constantFrom(
  'a',
  'b',
  'acme.example',
  'x.acme.example',
  'example',
  '.',
  'a"b',
  '\\',
  'é',
  'staff',
  '/',
  '/a',
)
const address = fc.constantFrom('a@acme.example', 'b@x.acme.example', 'staff@b', '')
const operator = fc.oneof(
  fc.tuple(fc.constantFrom('is', 'not', 'starts_with', 'ends_with', 'contains'), word),
  fc.tuple(fc.constantFrom('in', 'not_in'), fc.array(word, { minLength: 1, maxLength: 3 })),
)
const matcher = fc.array(operator, { minLength: 1, maxLength: 2 }).map((entries) => Object.fromEntries(entries))
const criterion: fc.Arbitrary<Criterion> = fc.oneof(
  fc.constantFrom({ accept: true }, { reject: true }),
  fc
    .tuple(fc.constantFrom('email', 'domain', 'http_method', 'http_path'), matcher)
    .map(([name, data]) => ({ [name]: data })),
  fc
    .tuple(fc.constantFrom('groups', 'claim/a', 'claim/b c', 'claim/d'), word)
    .map(([name, data]) => ({ [name]: data })),
)
const criteria = fc.array(criterion, { minLength: 1, maxLength: 3 })
const body: fc.Arbitrary<Body> = fc
  .array(fc.tuple(fc.constantFrom('and', 'or', 'not', 'nor'), criteria), { minLength: 1, maxLength: 2 })
  .map((entries) => Object.fromEntries(entries))
const rest = fc.array(
  fc.oneof(
    body.map((allowed) => ({ allow: allowed })),
    body.map((denied) => ({ deny: denied })),
  ),
  { maxLength: 3 },
)
const block: fc.Arbitrary<Block> = fc.tuple(body, rest).map(([first, others]) => [{ allow: first }, ...others])
const person = fc.record({
  email: address,
  groups: fc.array(word, { maxLength: 2 }),
  claims: fc.record({ a: word, 'b c': fc.array(word, { maxLength: 2 }) }, { requiredKeys: [] }),
})
const request = fc.record({ method: fc.constantFrom('GET', 'a'), path: fc.constantFrom('/', '/a', '/acme.example') })

it('whatever a block says, the rule that it becomes says the same', () => {
  fc.assert(
    fc.property(block, fc.array(fc.tuple(person, request), { minLength: 4, maxLength: 4 }), (rules, askers) => {
      const policy = compilePolicy(compilePomeriumPolicy(rules))
      for (const [user, asked] of askers) {
        const input = policyInput({ user, request: asked })
        const decision = policy.decide(input)
        expect([rules, input.user, decision]).toEqual([
          rules,
          input.user,
          meaning(rules, input) ? { allowed: true } : { allowed: false, reason: 'rule_false' },
        ])
      }
    }),
    { seed: 20_261_122, numRuns: 300 },
  )
})
