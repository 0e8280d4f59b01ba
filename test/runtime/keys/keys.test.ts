import { generateKeyPairSync, randomBytes } from 'node:crypto'

import fc from 'fast-check'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'

import { createSealer, createSigner } from '../../../runtime/keys/index.ts'
import { anyCharacter } from '../../support/any-character.ts'

const ring = (...names: string[]) => new Map(names.map((name) => [name, randomBytes(32)]))

describe('a sealed record', () => {
  const keys = ring('k1')
  const sealer = createSealer(keys)

  it('opens as what it was, whatever it was', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: anyCharacter }), (id, plain) => {
        expect(sealer.open('tokens', id, sealer.seal('tokens', id, plain))).toBe(Buffer.from(plain).toString())
      }),
      { seed: 7 },
    )
  })

  it('does not open as another kind or another record', () => {
    const sealed = sealer.seal('tokens', 'a', 'secret')
    expect(sealer.open('sign-in', 'a', sealed)).toBeUndefined()
    expect(sealer.open('tokens', 'b', sealed)).toBeUndefined()
  })

  it('does not open when any character was changed', () => {
    const sealed = sealer.seal('tokens', '', 'secret')
    for (let at = 0; at < sealed.length - 1; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      expect(sealer.open('tokens', '', changed)).toBeUndefined()
    }
  })

  it('does not open when it is anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(sealer.open('tokens', '', text)).toBeUndefined()
        expect(sealer.open('tokens', '', `k1.${text}`)).toBeUndefined()
      }),
      { seed: 7 },
    )
  })

  it('opens after the ring was rotated, and no more once its key is gone', () => {
    const sealed = sealer.seal('tokens', '', 'secret')
    const k2 = randomBytes(32)
    const rotated = createSealer(new Map([['k2', k2], ...keys]))
    expect(rotated.open('tokens', '', sealed)).toBe('secret')
    expect(rotated.seal('tokens', '', 'x')).toMatch(/^k2\./)
    expect(createSealer(new Map([['k2', k2]])).open('tokens', '', sealed)).toBeUndefined()
  })

  it('needs keys of 32 bytes', () => {
    expect(() => createSealer(new Map())).toThrow(RangeError)
    expect(() => createSealer(new Map([['k1', randomBytes(16)]]))).toThrow('k1')
  })
})

describe('a signer', () => {
  const jwk = (curve = 'P-256') =>
    JSON.stringify(generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ format: 'jwk' }))

  it('signs with the newest key, and publishes all without their private part', async () => {
    const [next, current] = [jwk(), jwk()]
    const old = await createSigner([current])
    const token = old.sign({ aud: 'a' }, 60)
    const rotated = await createSigner([next, current])
    expect(JSON.stringify(rotated.jwks)).not.toContain('"d"')
    const keys = createLocalJWKSet(rotated.jwks)
    for (const each of [token, rotated.sign({ aud: 'a' }, 60)]) {
      const { protectedHeader, payload } = await jwtVerify(each, keys, { algorithms: ['ES256'] })
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60)
      expect(rotated.jwks.keys.map((key) => key.kid)).toContain(protectedHeader.kid)
    }
  })

  it.each([
    [[]],
    [['no json']],
    [['{}']],
    [[jwk('P-384')]],
    [[JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' })]],
  ])('refuses %j', async (keys) => {
    await expect(createSigner(keys)).rejects.toThrow(TypeError)
  })
})
