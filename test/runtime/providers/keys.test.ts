import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

import { boundedFetch } from '../../../runtime/outbound/index.ts'
import { createKeySource } from '../../../runtime/providers/keys.ts'
import { type EvilProvider, signingKey, startEvilProvider } from '../../support/evil-provider/index.ts'

let provider: EvilProvider
beforeAll(async () => {
  provider = await startEvilProvider()
})
afterEach(() => provider.reset())
afterAll(() => provider.close())

/** A source with a clock that the test moves. */
function source() {
  const clock = { now: 1_000_000 }
  const locate = async () => `${provider.issuer}/jwks`
  const keys = createKeySource(
    'acme',
    (url, init) => boundedFetch(url, init),
    locate,
    () => clock.now,
  )
  const find = (kid: string) => keys.find({ alg: 'RS256', kid }, { payload: '', signature: '' })
  return { clock, keys, find }
}

it('a key that is new is found once the cool-down is over', async () => {
  const { clock, find } = source()
  await find('key-1')
  const { jwk } = await signingKey('key-2')
  provider.bends.keys = (keys) => [...keys, jwk]
  clock.now += 29_000
  await expect(find('key-2')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  expect(provider.count('/jwks')).toBe(1)
  clock.now += 1_000
  await expect(find('key-2')).resolves.toBeDefined()
  expect(provider.count('/jwks')).toBe(2)
})

it('a key that was withdrawn is worth nothing after five minutes', async () => {
  const { clock, find } = source()
  await find('key-1')
  provider.bends.keys = () => []
  clock.now += 299_000
  await expect(find('key-1')).resolves.toBeDefined()
  clock.now += 1_000
  await expect(find('key-1')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
})

it('keys that could not be had are asked for again after five seconds', async () => {
  const { clock, keys, find } = source()
  provider.bends.wire = () => ({ status: 500 })
  await expect(find('key-1')).rejects.toMatchObject({ code: 'provider_unreachable' })
  provider.bends.wire = () => undefined
  clock.now += 4_999
  await expect(keys.answer()).rejects.toMatchObject({ code: 'provider_unreachable' })
  expect(provider.count('/jwks')).toBe(1)
  clock.now += 1
  await expect(find('key-1')).resolves.toBeDefined()
  expect(provider.count('/jwks')).toBe(2)
})

it('keys that are held are read with for another minute while the provider does not answer', async () => {
  const { clock, keys } = source()
  await keys.prepare()
  await keys.prepare()
  provider.bends.wire = () => ({ status: 500 })
  clock.now += 299_000
  await expect(keys.prepare()).resolves.toBeUndefined()
  clock.now += 60_000
  expect(await (await keys.answer()).json()).toEqual({ keys: [provider.key.jwk] })
  clock.now += 1_000
  await expect(keys.answer()).rejects.toMatchObject({ code: 'provider_unreachable' })
  await expect(keys.prepare()).rejects.toMatchObject({ code: 'provider_unreachable' })
})

it.each(['[]', '{"keys":{}}', '{"keys":[1]}', 'null', '<html>'])('no set of keys is %s', async (body) => {
  const { find } = source()
  provider.bends.wire = () => ({ status: 200, body })
  await expect(find('key-1')).rejects.toMatchObject({ code: 'provider_answer_invalid' })
})
