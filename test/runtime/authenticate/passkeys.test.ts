import { randomBytes } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'

import {
  newChallenge,
  readAssertion,
  readAttestation,
  useChallenge,
} from '../../../runtime/authenticate/passkeys/index.ts'
import { createSealer } from '../../../runtime/keys/index.ts'
import { openSqliteStore } from '../../../runtime/store/index.ts'

function stage() {
  const store = openSqliteStore(':memory:')
  onTestFinished(() => store.close())
  return { store, sealer: createSealer(new Map([['k1', randomBytes(32)]])) }
}

const FOR = { brand: 'default', purpose: 'sign_in', accountId: '' } as const
const here = (hash: string): boolean => hash === 'this browser'

describe('a challenge', () => {
  it('is used once', async () => {
    const context = stage()
    const { challenge, sealed } = newChallenge(context, { ...FOR, bindingHash: 'this browser' })
    expect(await useChallenge(context, sealed, FOR, here)).toBe(challenge)
    expect(await useChallenge(context, sealed, FOR, here)).toBeUndefined()
  })

  it.each([
    ['another brand', { ...FOR, brand: 'other' }],
    ['another purpose', { ...FOR, purpose: 'register' as const }],
    ['another account', { ...FOR, accountId: 'somebody' }],
  ])('counts for nothing at %s, and is not used up by that', async (_, expected) => {
    const context = stage()
    const { challenge, sealed } = newChallenge(context, { ...FOR, bindingHash: 'this browser' })
    expect(await useChallenge(context, sealed, expected, here)).toBeUndefined()
    expect(await useChallenge(context, sealed, FOR, () => false)).toBeUndefined()
    expect(await useChallenge(context, sealed, FOR, here)).toBe(challenge)
  })

  it('that was not sealed here is none', async () => {
    const foreign = newChallenge(stage(), { ...FOR, bindingHash: 'this browser' })
    for (const sealed of [foreign.sealed, '', null]) {
      expect(await useChallenge(stage(), sealed, FOR, here)).toBeUndefined()
    }
  })
})

describe('what a form says that an authenticator said', () => {
  it('never throws, and is nothing unless it has the form of an answer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(null)), (field) => {
        expect(readAssertion(field)).toBeUndefined()
        expect(readAttestation(field)).toBeUndefined()
      }),
      { seed: 7 },
    )
  })
})
