import { expect, it } from 'vitest'

import { policyInput, subjectOfProgram, subjectOfSession } from '../../../runtime/identity/index.ts'
import { compilePolicy } from '../../../runtime/policy/index.ts'
import type { Session } from '../../../runtime/store/index.ts'

const session: Session = {
  id: 'session',
  brand: 'default',
  identityProvider: 'acme',
  issuer: 'https://idp.acme.example',
  subject: 'alice',
  sid: undefined,
  person: { id: 'person', email: '', name: 'Alice', groups: ['staff'], claims: { department: 'it' }, readAs: '' },
  authentication: { time: 1_000, acr: undefined, amr: ['pwd'] },
  accountId: 'alice',
  device: { address: '', userAgent: '' },
  sealedTokens: '',
  refresh: undefined,
  version: 3,
  createdAt: 0,
  seenAt: 0,
  expiresAt: 0,
}
const request = { method: 'GET', path: '/', host: 'app', ip: '', time: 61_000 }

it('a session is one subject as long as it is the same', () => {
  expect(subjectOfSession(session)).toMatchObject({
    kind: 'person',
    provider: 'acme',
    key: 'session 3',
    claims: { department: 'it' },
  })
  expect(subjectOfSession({ ...session, version: 4 }).key).toBe('session 4')
})

it('a rule is told how old the sign-in is', () => {
  expect(policyInput(subjectOfSession(session), request).session).toEqual({
    age: 60_000,
    acr: '',
    amr: ['pwd'],
    provider: 'acme',
  })
})

it('a sign-in of which nobody says when it was is fresh by no rule', () => {
  const undated = { ...session, authentication: { ...session.authentication, time: 0 } }
  const input = policyInput(subjectOfSession(undated), { ...request, time: Date.now() })
  expect(compilePolicy('session.age < duration("8760h")').decide(input).allowed).toBe(false)
})

it('a program has no session, so that no rule about one lets it in', () => {
  const program = subjectOfProgram({ id: 'p', name: 'CI', groups: ['staff'], provider: 'token-issuer:ci', key: 'k' })
  const input = policyInput(program, request)
  expect(input.session).toEqual({ acr: '', amr: [], provider: '' })
  for (const rule of [
    'session.age < duration("1h")',
    '!(session.age > duration("1h"))',
    'session.provider == "acme"',
  ]) {
    expect(compilePolicy(rule).decide(input).allowed).toBe(false)
  }
})
