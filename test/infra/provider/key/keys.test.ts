import { createHash } from 'node:crypto'

import { calculateJwkThumbprint, CompactSign, compactVerify, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'

import { nameSuffixType, secretType, serviceTokenType, signingType } from '../../../../infra/provider/key/index.ts'
import { UNKNOWN } from '../../../../infra/provider/properties.ts'
import { callFor } from '../../../support/provider/call.ts'

const call = callFor('key')

describe('key:Secret', () => {
  it('makes as many random bytes as asked for', async () => {
    const [first, second] = await Promise.all([0, 1].map(() => secretType.create(call, { bytes: 32 })))
    expect(Buffer.from(textOf(first?.outputs['value']), 'base64url')).toHaveLength(32)
    expect(first?.outputs['value']).toMatch(/^[\w-]{43}$/)
    expect(first?.outputs['value']).not.toBe(second?.outputs['value'])
  })

  it('is made anew for another length only', async () => {
    const request = { urn: call.urn, state: {}, oldInputs: { bytes: 32 } }
    expect(await secretType.diff({ ...request, newInputs: { bytes: 32 } })).toEqual([])
    expect(await secretType.diff({ ...request, newInputs: { bytes: 64 } })).toMatchObject([{ replaces: true }])
  })

  it('cannot be imported', async () => {
    await expect(secretType.read(call, 'id', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })
})

describe('key:NameSuffix', () => {
  it('is another one each time that it is made, also for the same', async () => {
    const made = await Promise.all([0, 1].map(() => nameSuffixType.create(call, { of: 'a' })))
    const values = made.map(({ outputs }) => textOf(outputs['value']))
    for (const value of values) expect(value).toMatch(/^[0-9a-f]{12}$/)
    expect(values[0]).not.toBe(values[1])
  })

  it('is made anew when what it is for changes, or may change', async () => {
    const request = { urn: call.urn, state: {}, oldInputs: { of: 'a' } }
    expect(await nameSuffixType.diff({ ...request, newInputs: { of: 'a' } })).toEqual([])
    for (const of of ['b', UNKNOWN] as const) {
      expect(await nameSuffixType.diff({ ...request, newInputs: { of } })).toMatchObject([{ replaces: true }])
    }
  })
})

describe('key:Signing', () => {
  it('makes an ES256 pair that is named by its thumbprint', async () => {
    const { id, outputs } = await signingType.create(call, {})
    const privateJwk = JSON.parse(textOf(outputs['privateJwk'])) as JWK
    const publicJwk = JSON.parse(textOf(outputs['publicJwk'])) as JWK
    expect(publicJwk).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: id })
    expect(publicJwk).not.toHaveProperty('d')
    expect(await calculateJwkThumbprint(publicJwk)).toBe(id)
    const signed = await new CompactSign(new TextEncoder().encode('hello'))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(await importJWK(privateJwk))
    const { payload } = await compactVerify(signed, await importJWK(publicJwk))
    expect(new TextDecoder().decode(payload)).toBe('hello')
  })

  it('stays known in the preview of an update', () => {
    expect(signingType.plan({}, undefined)).toEqual({ privateJwk: UNKNOWN, publicJwk: UNKNOWN })
    expect(signingType.plan({}, { privateJwk: 'p', publicJwk: 'q' })).toEqual({ privateJwk: 'p', publicJwk: 'q' })
  })
})

describe('key:ServiceToken', () => {
  const inputs = { prefix: 'gws_robot_first', expiresInDays: 90 }
  const day = 24 * 60 * 60 * 1000

  it('makes a token that says whose it is, and by what it is known again', async () => {
    const before = Date.now()
    const { outputs } = await serviceTokenType.create(call, inputs)
    expect(outputs['value']).toMatch(/^gws_robot_first_[\w-]{43}$/)
    const digest = createHash('sha256').update(textOf(outputs['value'])).digest('base64url')
    expect(outputs['hash']).toBe(digest)
    expect(digest).toHaveLength(43)
    const createdAt = Number(outputs['createdAt'])
    expect(createdAt).toBeGreaterThanOrEqual(before)
    expect(outputs['expiresAt']).toBe(createdAt + 90 * day)
  })

  it('keeps token and birthday whatever is previewed or updated; another lifetime counts from then', async () => {
    const { id, outputs } = await serviceTokenType.create(call, inputs)
    expect(serviceTokenType.plan(inputs, outputs)).toEqual(outputs)
    const longer = { ...inputs, expiresInDays: 120 }
    const expected = { ...outputs, expiresInDays: 120, expiresAt: Number(outputs['createdAt']) + 120 * day }
    expect(serviceTokenType.plan(longer, outputs)).toEqual(expected)
    expect(await serviceTokenType.update(call, id, outputs, longer)).toEqual(expected)
    expect(await serviceTokenType.read(call, id, outputs, inputs)).toEqual({ inputs, outputs })
  })

  it('is unknown until it is made, and made anew for another prefix alone', async () => {
    expect(serviceTokenType.plan(inputs, undefined)).toEqual({
      ...inputs,
      value: UNKNOWN,
      hash: UNKNOWN,
      createdAt: UNKNOWN,
      expiresAt: UNKNOWN,
    })
    const request = { urn: call.urn, state: {}, oldInputs: inputs }
    const changed = async (changes: object) =>
      serviceTokenType.diff({ ...request, newInputs: { ...inputs, ...changes } })
    expect(await changed({ prefix: 'gws_robot_second' })).toMatchObject([{ replaces: true }])
    expect(await changed({ expiresInDays: 1 })).toMatchObject([{ replaces: false }])
  })

  it('refuses a prefix that could end the token early', () => {
    expect(serviceTokenType.check({ ...inputs, prefix: 'gws robot' }).failures).toHaveLength(1)
  })
})

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text')
  return value
}
