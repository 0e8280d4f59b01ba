import { describe, expect, it } from 'vitest'

import { compilePolicy } from '../../../runtime/policy/index.ts'
import { personFromClaims } from '../../../runtime/providers/index.ts'
import { providerConfig } from '../../support/evil-provider/index.ts'
import { policyInput } from '../../support/policy-input.ts'

const provider = providerConfig('https://idp.acme.example', { claims: ['department', 'roles', 'level', '__proto__'] })

function kept(claims: Record<string, unknown>) {
  return personFromClaims({ sub: 'alice', ...claims }, provider).claims
}

describe('claims that a provider’s configuration names', () => {
  it('are kept as they are, and no others', () => {
    const claims = { department: 'it', roles: ['dev', 'ops'], level: 5, secret: 'x' }
    expect(kept(claims)).toEqual({ department: 'it', roles: ['dev', 'ops'], level: 5 })
  })

  it('are left out where there are none', () => {
    expect(kept({ department: null })).toEqual({})
    expect(Object.getPrototypeOf(kept({}))).toBe(Object.prototype)
  })

  it.each([
    ['a map', { department: { name: 'it' } }],
    ['a list of other things than texts', { roles: ['dev', 7] }],
    ['a long list', { roles: Array.from({ length: 101 }, () => 'x') }],
    ['more than four kibibytes', { department: 'x'.repeat(3_000), roles: ['y'.repeat(2_000)] }],
  ])('%s is refused: a rule may ask that a claim is not there', (_, claims) => {
    expect(() => kept(claims)).toThrow(expect.objectContaining({ code: 'provider_answer_invalid' }) as Error)
  })
})

it('two @ pass no rule about a domain (CVE-2026-40574)', () => {
  const anyone = providerConfig('https://idp.acme.example', {})
  const rule = compilePolicy('user.email.endsWith("@corp.example") || user.email.matchesRe2("@corp[.]example$")')
  for (const email of [
    'a@evil.example@corp.example',
    '"a@evil.example"@corp.example',
    'a@evil.example\n@corp.example',
  ]) {
    const { email: read, name, groups } = personFromClaims({ sub: 'a', email, email_verified: true }, anyone)
    expect(rule.decide(policyInput({ user: { email: read, name, groups } })).allowed).toBe(false)
  }
})
