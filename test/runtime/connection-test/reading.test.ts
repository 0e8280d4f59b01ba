import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readAnswer, type Reading } from '../../../runtime/connection-test/reading.ts'

const CALLBACK = 'https://login.acme.example/callback/staff'
const SITE = 'https://idp.example'

/** Google's message: a field with the code, one with a text, in protobuf's encoding. */
function authError(code: string): string {
  return Buffer.from(`\n${String.fromCharCode(code.length)}${code}\u0012\u0004text`, 'latin1').toString('base64url')
}

const page = (status: number, body: string) => ({ status, location: undefined, body })
const redirect = (location: string, status = 302) => ({ status, location, body: '' })
const refused = (part: string, sign: string) => ({ kind: 'refused', part, sign })
const goesOn = { kind: 'goes-on' }

describe('a provider that knows the callback', () => {
  it.each([
    [
      'any, silently',
      redirect(`${CALLBACK}?error=login_required&state=x`),
      { kind: 'sent-back', error: 'login_required' },
    ],
    [
      'any, in a fragment',
      redirect(`${CALLBACK}#error=login_required`, 303),
      { kind: 'sent-back', error: 'login_required' },
    ],
    ['one that signs everybody in', redirect(`${CALLBACK}?code=c&state=x`), { kind: 'sent-back', error: undefined }],
    [
      'one that repeats what it likes',
      redirect(`${CALLBACK}?error=a%20b%0Ac`),
      { kind: 'sent-back', error: 'an unreadable error' },
    ],
    ['Google', redirect('https://accounts.google.com/v3/signin/identifier?continue=https%3A%2F%2Fx'), goesOn],
    ['Okta', page(200, '<form><input name="redirect_uri">'), goesOn],
    ['Auth0', redirect(`${SITE}/u/login?state=abc`), goesOn],
    ['PingOne', redirect('https://apps.pingone.com/974dba86/signon/?flowId=72df1cd2'), goesOn],
    ['Keycloak', page(200, '<title>Sign in to acme</title>'), goesOn],
    ['Entra', page(200, '$Config={"urlPost":"/common/login","sErrorCode":""}'), goesOn],
  ] satisfies [string, Parameters<typeof readAnswer>[0], object][])('%s', (_, answer, reading) => {
    expect(readAnswer(answer, CALLBACK)).toEqual(reading)
  })
})

describe('a provider that refuses', () => {
  const google = 'https://accounts.google.com/signin/oauth/error?authError='
  it.each([
    ['Google, since 2022', redirect(google + authError('redirect_uri_mismatch')), 'callback', 'redirect_uri_mismatch'],
    [
      'Google, before',
      page(400, 'Error: redirect_uri_mismatch<br>redirect_uri=https://x'),
      'callback',
      'redirect_uri_mismatch',
    ],
    ['Google, no such client', redirect(google + authError('invalid_client')), 'client', 'invalid_client'],
    ['Google, a scope', redirect(google + authError('invalid_scope')), 'request', 'an error page'],
    [
      'Okta',
      page(400, `The &#39;redirect&#95;uri&#39; parameter must be a Login redirect URI in the client app settings`),
      'callback',
      'redirect_uri',
    ],
    [
      'Okta, no such client',
      page(400, `invalid_client: Invalid value for 'client_id' parameter.`),
      'client',
      'invalid_client',
    ],
    ['Entra', page(200, `"strMainMessage":"AADSTS50011: The redirect URI 'x' specified …"`), 'callback', 'AADSTS50011'],
    ['Entra, none at all', page(200, 'AADSTS500113: No reply address is registered'), 'callback', 'AADSTS500113'],
    ['Entra, no such application', page(200, 'AADSTS700016: Application with identifier'), 'client', 'AADSTS700016'],
    ['Auth0', page(403, '<h1>Callback URL mismatch.</h1>'), 'callback', 'Callback URL'],
    [
      'Auth0, own error page',
      redirect(`${SITE}/e?error=unauthorized_client&error_description=Callback%20URL%20mismatch.`),
      'callback',
      'Callback URL',
    ],
    ['Auth0, no such client', page(403, 'Unknown client: abc'), 'client', 'Unknown client'],
    ['Keycloak', page(400, 'We are sorry... Invalid parameter: redirect_uri'), 'callback', 'redirect_uri'],
    ['Keycloak, no such client', page(400, 'Client not found.'), 'client', 'Client not found'],
    [
      'PingOne',
      redirect(`${SITE}/error?error=INVALID_REQUEST&error_description=Redirect%20URI%20mismatch`),
      'callback',
      'Redirect URI',
    ],
    ['oidc-provider', page(400, 'error: invalid_redirect_uri'), 'callback', 'invalid_redirect_uri'],
    ['one that only repeats the request', page(400, 'bad: ?redirect_uri=https://x&scope=openid'), 'request', '400'],
    ['one that says nothing', page(403, ''), 'request', '403'],
  ] satisfies [string, Parameters<typeof readAnswer>[0], string, string][])('%s', (_, answer, part, sign) => {
    expect(readAnswer(answer, CALLBACK)).toEqual(refused(part, sign))
  })
})

it.each([
  [429, undefined],
  [503, undefined],
  [302, undefined],
  [302, 'not an address'],
])('takes status %s with the address %s for no answer', (status, location) => {
  expect(readAnswer({ status, location, body: 'redirect_uri_mismatch' }, CALLBACK)).toMatchObject({ kind: 'no-answer' })
})

it.each([
  'https://login.acme.example.evil.example/callback/staff?error=login_required',
  'https://login.acme.example/callback/staff/more?error=login_required',
  'http://login.acme.example/callback/staff?error=login_required',
  'https://login.acme.example:8443/callback/staff?error=login_required',
])('takes %s not for the callback', (location) => {
  expect(readAnswer(redirect(location), CALLBACK).kind).not.toBe('sent-back')
})

it('repeats nothing of a foreign answer but codes and words that it knows', () => {
  const text = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
  const address = fc
    .tuple(
      fc.constantFrom(CALLBACK, `${SITE}/error`, `${SITE}/sign-in`),
      fc.constantFrom('?error=', '#error=', '?authError='),
      text,
    )
    .map(([base, parameter, value]) => base + parameter + encodeURIComponent(value))
  const answer = fc.record({
    status: fc.integer({ min: 200, max: 599 }),
    location: fc.option(fc.oneof(address, text), { nil: undefined }),
    body: text,
  })
  const said = (reading: Reading): string => {
    if (reading.kind === 'sent-back') return reading.error ?? ''
    return reading.kind === 'refused' ? reading.sign : ''
  }
  fc.assert(
    fc.property(answer, (foreign) => {
      expect(said(readAnswer(foreign, CALLBACK))).toMatch(/^[\x20-\x7e]{0,64}$/)
    }),
    { seed: 7 },
  )
})
