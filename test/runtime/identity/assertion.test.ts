import { generateKeyPairSync } from 'node:crypto'

import { decodeJwt } from 'jose'
import { afterEach, expect, it, vi } from 'vitest'

import { createAssertions, type Subject } from '../../../runtime/identity/index.ts'
import { createSigner } from '../../../runtime/keys/index.ts'

const jwk = JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }))
const alice = (groups: string[], version = 1): Subject => ({
  id: 'person',
  email: '',
  name: 'Alice',
  groups,
  provider: 'acme',
  kind: 'person',
  key: `session ${version}`,
})

afterEach(() => vi.useRealTimers())

it('says who is there, for one app, for five minutes, and leaves out an address that does not count', async () => {
  const assertions = createAssertions(await createSigner([jwk]))
  const token = await assertions.for(alice(['staff']), 'https://login', 'https://app')
  const { iat = 0, exp = 0, ...claims } = decodeJwt(token)
  expect(claims).toEqual({ iss: 'https://login', aud: 'https://app', sub: 'person', name: 'Alice', groups: ['staff'] })
  expect(exp - iat).toBe(300)
})

it('is one for each subject as it is now and each app, kept for half its life', async () => {
  const assertions = createAssertions(await createSigner([jwk]))
  const get = (app: string, groups = ['staff'], version = 1) =>
    assertions.for(alice(groups, version), 'https://login', app)
  const first = await get('https://app')
  expect(await get('https://app')).toBe(first)
  expect(await get('https://other')).not.toBe(first)
  const renewed = decodeJwt(await get('https://app', ['a', 'b'], 2))
  expect(renewed['groups']).toEqual(['a', 'b'])
})

it('fits into a header however many groups there are, and says that some are missing', async () => {
  const assertions = createAssertions(await createSigner([jwk]))
  const groups = Array.from({ length: 1_000 }, (_, index) => `group-${index}-${'x'.repeat(200)}`)
  const token = await assertions.for(alice(groups), 'https://login', 'https://app')
  expect(token.length).toBeLessThan(8 * 1024)
  const claims = decodeJwt<{ groups: string[]; groups_truncated: boolean }>(token)
  expect(claims.groups_truncated).toBe(true)
  expect(claims.groups).toEqual(groups.slice(0, claims.groups.length))
})
