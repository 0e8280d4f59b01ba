import { describe, expect, it } from 'vitest'

import {
  describeConnection,
  isWrong,
  renderMarkdown,
  renderText,
  type ConnectionResult,
} from '../../../infra/connection-test/index.ts'

const NOW = Date.parse('2026-07-01T12:00:00Z')
const circumstances = { stack: 'production', maxAgeDays: { staff: 180 }, nowMs: NOW }
const CALLBACK = 'https://login.acme.example/callback/staff'
const discovery = {
  problems: [],
  latencyMs: 42,
  signingKeys: 2,
  authorizationEndpoint: 'https://idp.example/authorize',
}

function result(changes: Partial<ConnectionResult> = {}, kind = 'okta', provenAt = '2026-06-30T12:00:00Z') {
  const issuer = 'https://idp.example'
  const secrets = [{ name: 'first', provenAt }]
  const deployed = { id: 'staff', kind, issuer, clientId: 'client-1', callbackUrl: CALLBACK, secrets }
  const callback = { verdict: 'accepted', reason: 'the provider sent a request back to it' } as const
  return { id: 'staff', issuer, discovery, deployed, callback, ...changes } satisfies ConnectionResult
}

const refused = (part: 'callback' | 'client' | 'request') => ({
  callback: { verdict: 'refused', part, reason: 'the provider does not know it (sign)' } as const,
})
const report = (...given: Parameters<typeof result>) => describeConnection(result(...given), circumstances)
const text = (...given: Parameters<typeof result>) => renderText([report(...given)], 'production')

describe('what doctor prints', () => {
  it('is a line for each test, and first of all how it stands', () => {
    expect(text()).toBe(
      [
        'Stack production: all is well.',
        '',
        'staff  https://idp.example',
        '  discovery      ok       answered in 42 ms; 2 signing keys',
        `  callback       ok       ${CALLBACK} is registered: the provider sent a request back to it`,
        '  client secret  ok       "first" was first taken on 2026-06-30, yesterday',
        '',
      ].join('\n'),
    )
    expect(isWrong([report()])).toBe(false)
  })

  it('says for Google what to paste and where', () => {
    const said = text(refused('callback'), 'google').split('\n')
    expect(said[0]).toBe('Stack production: people cannot sign in with staff.')
    expect(said.map((line) => line.trim())).toContain(CALLBACK)
    expect(said.join(' ')).toContain('https://console.cloud.google.com/auth/clients')
    expect(said.join(' ')).toContain('Authorized redirect URIs')
  })

  it.each([
    ['google', 'client', /client\.id/],
    ['okta', 'callback', /npm run up -- production --yes/],
    ['keycloak', 'request', /console/],
    ['oidc', 'callback', /by hand/],
  ] as const)('says for %s what to do about the %s', (kind, part, advice) => {
    expect(text(refused(part), kind)).toMatch(advice)
    expect(isWrong([report(refused(part), kind)])).toBe(true)
  })

  it('does not take what cannot be told for wrong', () => {
    const unclear = { callback: { verdict: 'cannot-tell', reason: 'the provider answers everything alike' } } as const
    expect(text(unclear)).toMatch(/nothing is wrong; 1 of .* a look[^]*unclear .* answers everything alike/)
    expect(isWrong([report(unclear)])).toBe(false)
  })

  it('says of a secret that it is due, and how to make another', () => {
    const said = text({}, 'okta', '2025-12-01T00:00:00Z')
    expect(said).toMatch(/client secret {2}due .* 212 days ago\n +.*180 days: npm run rotate -- production staff --yes/)
    expect(isWrong([report({}, 'okta', '2025-12-01T00:00:00Z')])).toBe(false)
  })

  it('is wrong where discovery fails, and tests nothing behind it', () => {
    const broken = { discovery: { problems: ['no answer', 'no keys'], latencyMs: 3 }, callback: undefined }
    expect(text(broken)).toContain('discovery      WRONG    no answer; no keys')
    expect(isWrong([report(broken)])).toBe(true)
  })

  it('says what the provider can do, in the line of its document', () => {
    const offers = { algorithms: ['RS256'], pkce: true, iss: false, backChannelLogout: true, frontChannelLogout: false }
    expect(text({ discovery: { ...discovery, offers } })).toContain(
      'answered in 42 ms; 2 signing keys; signs with RS256; PKCE (S256); does not name itself in answers (iss); back-channel sign-out',
    )
  })

  it('says why discovery may have failed', () => {
    const failed = { problems: ['no answer'], latencyMs: 3, causes: ['There is no such host.'] }
    expect(text({ discovery: failed, callback: undefined })).toMatch(/WRONG {4}no answer\n +There is no such host\./)
  })

  it('does not speak of a clock that is a few seconds off', () => {
    expect(text({ discovery: { ...discovery, skewSeconds: 5 } })).not.toContain('clock')
  })

  it.each([
    [-30, 'due      its clock is 30 seconds behind that of this machine', false],
    [90, 'WRONG    its clock is 90 seconds ahead of that of this machine', true],
  ])('judges a clock that is %s seconds off', (skewSeconds, line, wrong) => {
    const skewed = { discovery: { ...discovery, skewSeconds } }
    expect(text(skewed)).toContain(line)
    expect(isWrong([report(skewed)])).toBe(wrong)
  })

  it.each([
    ['accepted', '', 'ok       the token endpoint takes "first"', false],
    [
      'refused',
      'it answered 401 (invalid_client)',
      'WRONG    the token endpoint does not take "first": it answered 401',
      true,
    ],
    ['cannot-tell', 'it answered 503', 'unclear  "first": it cannot be told from here: it answered 503', false],
  ] as const)('says of a credential that is %s what follows', (verdict, said, line, wrong) => {
    const told = { clients: [{ name: 'first', verdict, said }] }
    expect(text(told)).toContain(line)
    expect(isWrong([report(told)])).toBe(wrong)
  })

  it('says whether the token endpoint answers, where no credential is known', () => {
    expect(text({ tokenEndpoint: { reached: true } })).toContain('tokens         ok       the token endpoint answers')
    const silent = { tokenEndpoint: { reached: false, why: 'fetch failed', cause: 'Nothing listens there.' } } as const
    expect(text(silent)).toMatch(/tokens {9}WRONG .*fetch failed\n +Nothing listens there\./)
  })

  it('lets no word of a provider steer the terminal', () => {
    const hostile = { discovery: { problems: ['\u001b[2J\u202e\u0007 gone'], latencyMs: 3 }, callback: undefined }
    expect(text(hostile)).toContain('�[2J�� gone')
  })
})

describe('what a review shows', () => {
  it('is a section with a table', () => {
    const shown = renderMarkdown([report(refused('callback'), 'google')])
    expect(shown).toContain('\n### Connection tests\n\n| identity provider | test | result | details |')
    expect(shown).toContain('| `staff` | discovery | ok | `answered in 42 ms; 2 signing keys` |')
    expect(shown).toMatch(
      /\| `staff` \| callback \| \*\*WRONG\*\* \| .*<br>`https:\/\/login\.acme\.example\/callback\/staff` \|\n/,
    )
  })

  it('keeps a provider’s words in code spans, where they are no Markdown', () => {
    const hostile = { discovery: { problems: ['`|<img src=x> @alice'], latencyMs: 3 }, callback: undefined }
    expect(renderMarkdown([report(hostile)])).toContain('| `` ` ``&#124;`<img src=x> @alice` |')
  })

  it('says that a provider which is not deployed yet was asked no more', () => {
    const proposed = { deployed: undefined, callback: undefined, discovery: { problems: [], latencyMs: 42 } }
    expect(renderMarkdown([report(proposed)])).toMatch(/answered in 42 ms; no more was asked/)
  })

  it('is nothing where there is no provider', () => {
    expect(renderMarkdown([])).toBe('')
  })
})
