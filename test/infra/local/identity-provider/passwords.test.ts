import { expect, test } from 'vitest'

import { attemptDelay, createAttempts } from '../../../../infra/local/identity-provider/attempts.ts'
import { createPasswordCheck } from '../../../../infra/local/identity-provider/passwords.ts'

test('takes the right password of the right person only', () => {
  const check = createPasswordCheck(
    new Map([
      ['alice', 'a-password'],
      ['bob', 'b-password'],
    ]),
  )
  expect(check('alice', 'a-password')).toBe(true)
  for (const [user, password] of [
    ['alice', 'b-password'],
    ['alice', ''],
    ['alice', 'a-password '],
    ['mallory', 'a-password'],
    ['', ''],
    ['__proto__', 'a-password'],
  ] as const) {
    expect(check(user, password)).toBe(false)
  }
})

test('delays after the third wrong password, longer each time, and never more than four seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 50].map(attemptDelay)).toEqual([0, 0, 0, 250, 500, 1000, 2000, 4000, 4000, 4000])
})

test('counts per person, and starts again after a success', async () => {
  const waits: number[] = []
  const attempts = createAttempts({ sleep: async (milliseconds) => waits.push(milliseconds) })
  for (let failure = 0; failure < 4; failure += 1) attempts.failed('alice')
  expect(await attempts.admit('alice')).toBe('admitted')
  expect(await attempts.admit('bob')).toBe('admitted')
  attempts.succeeded('alice')
  expect(await attempts.admit('alice')).toBe('admitted')
  expect(waits).toEqual([500])
})

test('turns away the fifty-first who would have to wait', async () => {
  const woken = Promise.withResolvers<void>()
  const attempts = createAttempts({ sleep: () => woken.promise })
  for (let failure = 0; failure < 3; failure += 1) attempts.failed('alice')
  const waiting = Array.from({ length: 50 }, () => attempts.admit('alice'))
  expect(await attempts.admit('alice')).toBe('busy')
  expect(await attempts.admit('bob')).toBe('admitted')
  woken.resolve()
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['admitted']))
})
