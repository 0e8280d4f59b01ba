import { createHash, randomBytes } from 'node:crypto'

import { expect, it } from 'vitest'

import type { ServiceAccountConfig } from '../../../runtime/config.ts'
import { createServiceAccounts } from '../../../runtime/programs/service-accounts.ts'
import { Refusal } from '../../../runtime/refusal.ts'

const tokenOf = (account: string, name: string) => `gws_${account}_${name}_${randomBytes(32).toString('base64url')}`
const entry = (name: string, token: string, livesMs = 60_000) => ({
  name,
  hash: createHash('sha256').update(token).digest('base64url'),
  expiresAt: Date.now() + livesMs,
})
const first = tokenOf('ci', 'first')
const second = tokenOf('ci', 'second')
const stale = tokenOf('ci', 'stale')
const ci: ServiceAccountConfig = {
  name: 'CI',
  groups: ['deployers'],
  routes: ['hello'],
  tokens: [entry('first', first), entry('second', second), entry('stale', stale, -1)],
}

function refusal(token: string, route = 'hello', accounts: Record<string, ServiceAccountConfig> = { ci }): Refusal {
  try {
    createServiceAccounts(accounts).authenticate(token, route)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('was let in')
}

it('lets an account in by any of its tokens, as one and the same program', () => {
  const accounts = createServiceAccounts({ ci })
  const [a, b] = [first, second].map((token) => accounts.authenticate(token, 'hello'))
  expect(a).toMatchObject({
    email: '',
    name: 'CI',
    groups: ['deployers'],
    provider: 'service-account:ci',
    kind: 'program',
  })
  expect(b?.id).toBe(a?.id)
  expect(b?.key).not.toBe(a?.key)
  expect(JSON.stringify([a, b])).not.toContain(first.slice(-43))
})

it.each<[string, string, string]>([
  ['a wrong secret', first.slice(0, -1) + (first.endsWith('A') ? 'B' : 'A'), 'hello'],
  ['the secret of another name', first.replace('_first_', '_second_'), 'hello'],
  ['an unknown name', first.replace('_first_', '_third_'), 'hello'],
  ['an unknown account', first.replace('gws_ci_', 'gws_cd_'), 'hello'],
  ['an account called like a member of every object', first.replace('gws_ci_', 'gws_constructor_'), 'hello'],
  ['an expired token', stale, 'hello'],
  ['another route', first, 'admin'],
  ['no secret', 'gws_ci_first_', 'hello'],
  ['nothing but the prefix', 'gws_', 'hello'],
  ['something behind the secret', `${first}A`, 'hello'],
])('denies %s with the one code', (_, token, route) => {
  const { code, message } = refusal(token, route)
  expect(code).toBe('token_invalid')
  expect(message).not.toContain(token.slice(-20))
})

it('denies a token at once that is not in the configuration any more', () => {
  expect(refusal(first, 'hello', { ci: { ...ci, tokens: [entry('first', second)] } }).code).toBe('token_invalid')
  expect(refusal(first, 'hello', {}).code).toBe('token_invalid')
})

it('tells an unknown account by the same words as a wrong secret', () => {
  const wrong = refusal(first.replace('_first_', '_second_'))
  const unknown = refusal(first.replace('gws_ci_', 'gws_cd_'))
  expect(unknown.message).toBe(wrong.message)
})

it('does not start with an account that could not be told from another, or not compared', () => {
  const twice = { ...ci, tokens: [entry('first', first), entry('first', second)] }
  expect(() => createServiceAccounts({ ci: twice })).toThrow('two tokens called first')
  const short = { ...ci, tokens: [{ name: 'first', hash: '!'.repeat(43), expiresAt: 1 }] }
  expect(() => createServiceAccounts({ ci: short })).toThrow('not SHA-256')
})
