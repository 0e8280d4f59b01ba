import { createHash, randomBytes } from 'node:crypto'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createSealer } from '../../../runtime/keys/index.ts'
import { redeemCliCode, sealCliCode } from '../../../runtime/programs/index.ts'
import { openSqliteStore, type Store } from '../../../runtime/store/index.ts'

const sealer = createSealer(new Map([['k1', randomBytes(32)]]))
const verifier = randomBytes(32).toString('base64url')
const redirectUri = 'http://127.0.0.1:49152/callback'
const challenge = createHash('sha256').update(verifier).digest('base64url')
const grant = { origin: 'https://hello.acme.example', parentId: 'session', sessionEndsAt: 1 }

let store: Store
beforeEach(() => {
  store = openSqliteStore(':memory:')
})
afterEach(async () => {
  vi.useRealTimers()
  await store.close()
})

const makeCode = () => sealCliCode(sealer, { redirectUri, state: 'xyz', challenge }, grant)
const redeem = (code: string, changed: Partial<{ verifier: string; redirectUri: string; origin: string }> = {}) => {
  const { origin = 'https://hello.acme.example', ...rest } = changed
  return redeemCliCode(sealer, store, { code, verifier, redirectUri, ...rest }, origin)
}

it('stands for a grant, once', async () => {
  const code = makeCode()
  expect(await redeem(code)).toEqual(grant)
  expect(await redeem(code)).toBeUndefined()
})

it('is good for one of many callers at once', async () => {
  const code = makeCode()
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => redeem(code)))
  expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([grant])
})

it('is used up however it is spelled: base64url has several spellings of the same bytes', async () => {
  const code = makeCode()
  expect(await redeem(code)).toEqual(grant)
  for (const spelling of [`${code}=`, `${code}!`, `${code}\n`, code.replace('.', '. ')]) {
    expect(await redeem(spelling)).toBeUndefined()
  }
})

it.each([
  ['another host', { origin: 'https://admin.acme.example' }],
  ['another redirect address', { redirectUri: 'http://127.0.0.1:49153/callback' }],
  ['another verifier', { verifier: randomBytes(32).toString('base64url') }],
  ['the challenge as its verifier', { verifier: challenge }],
  ['no verifier', { verifier: '' }],
])('is refused with %s, and used up by that', async (_, changed) => {
  const code = makeCode()
  expect(await redeem(code, changed)).toBeUndefined()
  expect(await redeem(code)).toBeUndefined()
})

it('is refused after a minute', async () => {
  const code = makeCode()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  expect(await redeem(code)).toBeUndefined()
})

it.each([
  ['changed', (code: string) => code.slice(0, -4) + (code.endsWith('AAAA') ? 'BBBB' : 'AAAA')],
  ['cut', (code: string) => code.slice(0, 40)],
  ['sealed as something else', () => sealer.seal('tokens', '', JSON.stringify(grant))],
  ['sealed by somebody else', () => createSealer(new Map([['k1', randomBytes(32)]])).seal('cli-code', '', '{}')],
  ['sealed in another shape', () => sealer.seal('cli-code', '', '{"id":"x"}')],
  ['empty', () => ''],
])('is refused when it is %s', async (_, change) => {
  expect(await redeem(change(makeCode()))).toBeUndefined()
})
