import { globSync, readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

/** Published attacks on systems of this kind; a test's title begins with the numbers of those that it makes. */
const CASES: Readonly<Record<number, string>> = {
  1: 'underscore alias of an identity header',
  2: 'dot alias of an identity header',
  3: 'header of a claim that is absent',
  4: 'Connection that names identity headers',
  5: 'assertion sent by a client',
  6: 'X-Forwarded-Uri picks the rule',
  7: 'X-Forwarded-Prefix',
  8: 'X-Forwarded-Proto takes part in matching',
  9: 'X-Forwarded-For of an untrusted peer satisfies a rule',
  10: 'query that matches a public route',
  11: 'fragment that matches a public route',
  12: 'path that is matched in one spelling and forwarded in another',
  13: 'malformed address',
  14: 'Host in another spelling',
  15: 'health-check bypass',
  16: 'malformed cookie fails open',
  17: 'address in two domains',
  18: 'open redirect after sign-in',
  19: 'open redirect after sign-out',
  20: 'programmatic sign-in to a foreign redirect',
  21: 'tampered or replayed hand-over',
  22: 'session fixation',
  23: 'sign-in CSRF',
  24: 'cookie in pieces',
  25: 'crafted or huge Cookie header',
  26: 'session of one app at another',
  27: 'cache key without the issuer',
  28: 'signature that is none',
  29: 'claims of an ID token that are not ours',
  30: 'userinfo about somebody else',
  31: 'mix-up of authorization servers',
  32: 'discovery document of another issuer',
  33: 'PKCE downgrade',
  34: 'address of a foreign tenant',
  35: 'link by an unverified address',
  36: 'account registered in advance',
  37: 'discovery or keys inside the network (SSRF)',
  38: 'flood of unknown key ids',
  39: 'logout token that is none',
  40: 'duplicate state or code',
  41: 'redirect URI with a pattern',
  42: 'token of the provider that gets out',
  43: 'operations on the public port',
  44: 'ambiguous framing',
  45: 'WebSocket that outlives its session',
  46: 'WebSocket of a foreign Origin',
  47: 'cookie that a sibling host could set or steal',
  48: 'revoked group or disabled user',
  49: 'comparison in variable time',
  50: 'reuse and parallel use of a refresh token',
}

/** `describe('1, 2: …`, `it('28. …`, `it.each(…)('49: …`. */
const NUMBERED = /\(\s*['"`](\d+(?:, \d+)*)[:.] /g

describe('each published attack', () => {
  const tested = new Set(
    globSync('test/abuse/**/*.test.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(NUMBERED)].flatMap(([, numbers = '']) => numbers.split(', ').map(Number)),
    ),
  )

  it.each(Object.entries(CASES))('%s, %s, has its test', (number) => {
    expect(tested).toContain(Number(number))
  })

  it('is in the list', () => {
    expect([...tested].filter((number) => !(number in CASES))).toEqual([])
  })
})
