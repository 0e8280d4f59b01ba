import { describe, expect, it } from 'vitest'

import { compilePolicy, PolicyError } from '../../../runtime/policy/index.ts'
import { policyInput, type PolicyInputChange } from '../../support/policy-input.ts'

const claims = { department: 'it', level: 5, remote: true, roles: ['dev', 'ops'] }

function refusal(expression: string): PolicyError {
  try {
    compilePolicy(expression)
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  throw new Error(`accepted ${expression}`)
}

function decide(expression: string, change: PolicyInputChange = {}) {
  return compilePolicy(expression).decide(policyInput(change))
}

describe('a rule', () => {
  it.each<[string, boolean, PolicyInputChange?]>([
    ['"staff" in user.groups', true],
    ['"contractors" in user.groups', false],
    ['user.email.endsWith("@acme.example") && request.method == "GET"', true],
    ['user["email"] == "alice@acme.example"', true],
    ['user.groups.exists(group, group.startsWith("adm"))', true],
    ['user.email.matchesRe2("^a.*@acme[.]example$")', true],
    ['user.claims.department == "it"', true, { user: { claims } }],
    ['user.claims.level >= 5', true, { user: { claims } }],
    ['user.claims.remote == true', true, { user: { claims } }],
    ['"ops" in user.claims.roles', true, { user: { claims } }],
    ['has(user.claims.department)', true, { user: { claims } }],
    ['has(user.claims.department)', false],
    ['has(user.claims.toString)', false],
    ['user.claims.holds("roles", "ops") && user.claims.holds("department", "it")', true, { user: { claims } }],
    ['user.claims.holds("roles", "op") || user.claims.holds("level", "5")', false, { user: { claims } }],
    ['user.groups.exists(g, g == "dept-" + user.claims.department)', true, { user: { claims, groups: ['dept-it'] } }],
    ['session.age < duration("1h")', true],
    ['session.age < duration("1h")', false, { session: { age: 3_600_000 } }],
    ['session.acr == "phr" && "hwk" in session.amr', true, { session: { acr: 'phr', amr: ['hwk'] } }],
    ['session.provider == "acme"', true],
    ['request.time.getHours("Europe/Berlin") == 11', true],
    ['request.time.timeOfDay("Europe/Berlin") >= "11:30" && request.time.timeOfDay("UTC") < "10:31"', true],
    ['request.time > timestamp("2026-03-02T10:29:59Z")', true],
    ['request.host == "hello.acme.example" && request.path == "/"', true],
    ['request.path.split("/")[1] in user.groups', true, { request: { path: '/staff/list' } }],
  ])('%s → %s', (expression, allowed, change) => {
    expect(decide(expression, change).allowed).toBe(allowed)
  })

  it.each<[string, PolicyInputChange?]>([
    ['user.groups[7] == "staff"'],
    ['user.claims.department == "it"'],
    ['!(user.claims.department == "it")'],
    ['user.claims.department != "it"'],
    ['user.claims.constructor != "x"'],
    ['session.age > duration("0s")', { session: { age: undefined } }],
    ['!(session.age > duration("1h"))', { session: { age: undefined } }],
    ['!request.ip.inNetwork("10.0.0.0/8")', { request: { ip: '' } }],
  ])('%s denies where what it reads is not there', (expression, change) => {
    expect(decide(expression, change)).toEqual({ allowed: false, reason: 'rule_error' })
  })

  it('is never true by a claim that is neither true nor false', () => {
    expect(decide('"staff" in user.groups && user.claims.level', { user: { claims } }).allowed).toBe(false)
  })
})

describe('a rule is refused at load', () => {
  it('with a caret under the mistake, and the field that was probably meant', () => {
    expect(refusal('"staff" in user.grups').message).toBe(
      ['user has no grups: did you mean groups?', '  "staff" in user.grups', '             ^'].join('\n'),
    )
    expect(refusal('"staff" in user.groups &&\n  request.mehod == "GET"').message).toBe(
      ['request has no mehod: did you mean method?', '    request.mehod == "GET"', '    ^'].join('\n'),
    )
  })

  it.each([
    ['"staff" in user.groups ||', 'EOF'],
    ['user.name', 'must be true or false'],
    ['user.claims.remote', 'must be true or false'],
    ['has(user.departement)', 'user has no departement'],
    ['user[request.path] == "x"', 'name of the field itself'],
    ['user == user', 'no value'],
    ['[user][0].email == "x"', 'no value'],
    ['user.email.matches("a")', 'matchesRe2'],
    ['user.email.matchesRe2(user.name)', 'literal'],
    ['user.email.matchesRe2("(")', 'RE2'],
    ['user.email.matchesRe2("[\\\\p{L}]{1000}")', 'too large'],
    ['request.ip.inNetwork("10.0.0.0/40")', 'prefix'],
    ['request.ip.inNetwork("10.0.0")', 'no network'],
    ['request.ip.inNetwork("::ffff:10.0.0.0/104")', 'IPv4'],
    ['request.ip.inNetwork(user.name)', 'literal'],
    ['user.name.inNetwork("10.0.0.0/8")', 'only request.ip'],
    ['request.time.getHours("Europe/Berln") == 1', 'no time zone'],
    ['request.time.timeOfDay("UTC") > "9:00"', '"09:00"'],
    ['user.email.endWith("x")', 'did you mean endsWith'],
    ['user.groups.join(",") == "a"', 'no function join'],
    ['cel.bind(a, user.groups + user.groups, "x" in a)', 'no function bind'],
    ['user.claims.holds(user.name, "x")', 'literal'],
    ['process.env', ''],
  ])('%s', (expression, message) => {
    const error = refusal(expression)
    expect(error.code).toBe('policy_invalid')
    expect(error.message).toContain(message)
  })
})

describe('what a rule reads', () => {
  it.each<[string, string[], boolean]>([
    ['true', [], true],
    ['"staff" in user.groups', ['user.groups'], true],
    ['user["email"] == "a" || has(user.claims.x)', ['user.email', 'user.claims'], true],
    ['session.acr == "a" && "b" in session.amr', ['session.acr', 'session.amr'], true],
    ['session.age < duration("1h")', ['session.age'], false],
    ['request.method == "GET"', ['request.method'], false],
    ['request.ip.inNetwork("::1") || request.time.getHours() > 7', ['request.ip', 'request.time'], false],
    ['user.groups.exists(g, request.path.startsWith(g))', ['user.groups', 'request.path'], false],
  ])('%s', (expression, reads, perSession) => {
    const policy = compilePolicy(expression)
    expect([...policy.reads]).toEqual(reads)
    expect(policy.perSession).toBe(perSession)
  })

  it('is the claims by name, unless it goes over all of them', () => {
    const read = compilePolicy('has(user.claims.a) && user.claims["b-c"] == "x" || user.claims.holds("d", "e")').claims
    expect([...(read ?? [])]).toEqual(['a', 'b-c', 'd'])
    expect(compilePolicy('user.claims.exists(name, name == "a")').claims).toBeUndefined()
  })
})

describe('an address', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:a01:203', true],
    ['10.0.0.0/8', '::ffff:b01:203', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['2001:db8::/32', '2001:db8::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::/0', '10.0.0.1', false],
    ['::/0', '::ffff:10.0.0.1', false],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
  ])('in %s: %s is %s', (network, ip, allowed) => {
    expect(decide(`request.ip.inNetwork("${network}")`, { request: { ip } }).allowed).toBe(allowed)
  })
})
