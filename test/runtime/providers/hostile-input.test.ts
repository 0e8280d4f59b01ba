import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

import type { Provider } from '../../../runtime/providers/index.ts'
import { Refusal } from '../../../runtime/refusal.ts'
import { anyCharacter } from '../../support/any-character.ts'
import { type EvilProvider, LOGIN_URL, relyingParty, startEvilProvider } from '../../support/evil-provider/index.ts'

let provider: EvilProvider
let gateway: Provider
beforeAll(async () => {
  provider = await startEvilProvider()
  gateway = relyingParty(provider.issuer)
})
afterEach(() => provider.reset())
afterAll(() => provider.close())

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url')
const ADDRESSES = ['https://idp.example/x', 'http://idp.example/x', 'ftp://idp.example', 'javascript:alert(1)//', '//x']
const anyJson = fc.jsonValue({ maxDepth: 1 })

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const refusal: unknown = await attempt.catch((error: unknown) => error)
  if (!(refusal instanceof Refusal)) throw new Error('that was no refusal', { cause: refusal })
  return refusal.code
}

it('whatever is said to be a logout token is refused as one', async () => {
  const header = fc.record(
    { alg: fc.constantFrom('RS256', 'none', 'HS256', 'ES256', 7), kid: anyJson, jwk: anyJson, crit: anyJson },
    { requiredKeys: ['alg'] },
  )
  const token = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.tuple(header, anyJson, fc.base64String()).map(([head, body, end]) => `${base64(head)}.${base64(body)}.${end}`),
  )
  const refused = async (text: string) => (await codeOf(gateway.verifyLogoutToken(text))) === 'logout_token_invalid'
  await fc.assert(fc.asyncProperty(token, refused), { seed: 38, numRuns: 60 })
  expect(provider.count('/jwks')).toBeLessThanOrEqual(1)
})

it('whatever a browser brings back without the state of its sign-in goes nowhere', async () => {
  const { checks } = await gateway.beginSignIn(LOGIN_URL, {})
  const names = fc.constantFrom('code', 'state', 'iss', 'error', 'id_token', 'response', 'x')
  const query = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.array(fc.tuple(names, fc.string())).map((pairs) => new URLSearchParams(pairs).toString()),
  )
  const refused = async (text: string) => {
    const codes = await Promise.all([
      codeOf(gateway.finishSignIn(LOGIN_URL, { query: text }, checks)),
      codeOf(gateway.finishSignIn(LOGIN_URL, { form: new URLSearchParams(text) }, checks)),
    ])
    return codes.every((code) => ['provider_answer_invalid', 'request_malformed'].includes(code))
  }
  await fc.assert(fc.asyncProperty(query, refused), { seed: 40, numRuns: 150 })
  expect(provider.heard.grants).toEqual([])
})

it('whatever a discovery document says, nobody is sent anywhere but to a safe address', async () => {
  const address = fc.oneof(anyJson, fc.constantFrom(...ADDRESSES))
  const parts = fc.record(
    {
      issuer: fc.oneof(anyJson, fc.constant(provider.issuer)),
      authorization_endpoint: address,
      token_endpoint: address,
      jwks_uri: address,
      code_challenge_methods_supported: anyJson,
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(parts, async (bent) => {
      provider.bends.discovery = (honest) => ({ ...honest, ...bent })
      const begun = relyingParty(provider.issuer).beginSignIn(LOGIN_URL, {})
      const url = await begun.then(
        (request) => request.url,
        () => undefined,
      )
      if (!url) return (await codeOf(begun)) === 'provider_answer_invalid'
      return url.protocol === 'https:' || url.origin === provider.issuer
    }),
    { seed: 32, numRuns: 40 },
  )
})
