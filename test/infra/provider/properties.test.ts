import * as rpc from '@pulumi/pulumi/runtime/rpc.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  containsUnknown,
  putSecretMarks,
  takeSecretMarks,
  UNKNOWN,
  type Properties,
} from '../../../infra/provider/properties.ts'

const secret = (value: unknown) => ({ [rpc.specialSigKey]: rpc.specialSecretSig, value }) as Properties

it('what is unknown is marked as the SDK marks it', () => {
  expect(UNKNOWN).toBe(rpc.unknownValue)
})

describe('secret marks', () => {
  it('are taken off at any depth and put back where they were', () => {
    const marked = { a: secret('x'), b: { c: secret({ d: 1 }), e: 'plain' }, f: secret(UNKNOWN) }
    const { values, secrets } = takeSecretMarks(marked)
    expect(values).toEqual({ a: 'x', b: { c: { d: 1 }, e: 'plain' }, f: UNKNOWN })
    expect(putSecretMarks(values, secrets)).toEqual(marked)
  })

  it('survive the way there and back for any properties', () => {
    const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Properties[string]>
    const properties = fc.dictionary(fc.string(), value)
    fc.assert(
      fc.property(properties, fc.string(), value, (plain, name, hidden) => {
        const marked = { ...plain, [name]: secret(hidden) }
        const { values, secrets } = takeSecretMarks(marked)
        expect(takeSecretMarks(putSecretMarks(values, secrets))).toEqual({ values, secrets })
        expect(putSecretMarks(values, secrets)[name]).toEqual(secret(hidden))
      }),
      { seed: 20_260_801 },
    )
  })

  it('cover a whole list when one member is secret, since places in it move', () => {
    const { values, secrets } = takeSecretMarks({ list: ['a', secret('b')] })
    expect(putSecretMarks({ list: ['b', 'a'] }, secrets)).toEqual({ list: secret(['b', 'a']) })
    expect(values).toEqual({ list: ['a', 'b'] })
  })

  it('are put on every key where the declaration says so', () => {
    const marked = putSecretMarks({ secrets: { one: '1', two: '2' }, other: { one: '1' } }, [['secrets', '*']])
    expect(marked).toEqual({ secrets: { one: secret('1'), two: secret('2') }, other: { one: '1' } })
  })
})

describe('containsUnknown', () => {
  it('finds what is not known at any depth', () => {
    expect(containsUnknown({ a: [{ b: UNKNOWN }] })).toBe(true)
    expect(containsUnknown({ a: [{ b: 'known', c: null }] })).toBe(false)
  })
})
