import { describe, expect, it } from 'vitest'

import { compareChanged, lines, smallStack, type Stack } from './stack.ts'

type Change = (stack: Stack) => void

/** Applies one change to both versions, and another one to the new version alone. */
function changeFrom(former: Change, edit: Change): string[] {
  const before = smallStack()
  former(before)
  return lines(compareChanged(before, edit))
}

const wiki =
  (settings: object): Change =>
  (stack) =>
    Object.assign(stack.routes['wiki']!, settings)
const guests =
  (settings: object): Change =>
  (stack) =>
    Object.assign(stack.identityProviders['guests']!, settings)
const parts =
  (settings: object): Change =>
  (stack) =>
    Object.assign(stack, settings)
const nothing: Change = () => undefined

const ci = { issuer: 'https://token.actions.example' }
const withIssuer: Change = (stack) => parts({ tokenIssuers: { ci } })(stack)
const bearer = [{ tokenIssuer: 'ci', audience: 'https://wiki.acme.example' }]
const withBearer: Change = (stack) => {
  withIssuer(stack)
  wiki({ bearer })(stack)
}
const account = (settings: object = {}) =>
  parts({ serviceAccounts: { robot: { routes: ['wiki'], groups: ['staff'], ...settings } } })

describe('programs', () => {
  it.each<[string, Change, Change, string[]]>([
    [
      'gain a route with an issuer that it takes tokens of',
      withIssuer,
      wiki({ bearer }),
      ['+ wiki bearer_issuer: programs with a token of ci for https://wiki.acme.example, by the route’s rule'],
    ],
    [
      'lose it with the issuer',
      withBearer,
      wiki({ bearer: [] }),
      ['- wiki bearer_issuer: programs with a token of ci for https://wiki.acme.example, by the route’s rule'],
    ],
    ['gain nothing by an issuer that no route takes', nothing, withIssuer, []],
    [
      'gain with an issuer that becomes another',
      withBearer,
      parts({ tokenIssuers: { ci: { issuer: 'https://else.example' } } }),
      ['+  token_issuer: programs whose tokens ci accepts from now on: issuer changes'],
    ],
    [
      'gain a route with a service account',
      nothing,
      account(),
      ['+ wiki service_account: the program robot, by the route’s rule'],
    ],
    [
      'lose it with the account',
      account(),
      parts({ serviceAccounts: {} }),
      ['- wiki service_account: the program robot, by the route’s rule'],
    ],
    [
      'gain by a group',
      account(),
      account({ groups: ['staff', 'admins'] }),
      ['+  service_account_groups: the program robot, by rules that ask for admins'],
    ],
    [
      'may gain by a group less',
      account(),
      account({ groups: [] }),
      ['+  service_account_groups: the program robot, by rules that ask for staff not to be there'],
    ],
    [
      'have their tokens for longer',
      account(),
      account({ expiresInDays: 365 }),
      ['+  service_account_lifetime: whoever has a token of the program robot: expiresInDays from 90 to 365'],
    ],
    [
      'rotate a token',
      account(),
      account({ tokens: ['second'] }),
      [
        '+  service_account_tokens: whoever is given the new token second of the program robot',
        '-  service_account_tokens: whoever has the token first of the program robot',
      ],
    ],
    ['are not met by another name', account(), account({ name: 'The robot' }), []],
  ])('%s', (_, former, edit, expected) => {
    expect(changeFrom(former, edit)).toEqual(expected)
  })
})

describe('people', () => {
  it.each<[string, Change, Change, string[]]>([
    [
      'who signed in long ago lose a route that asks for a fresh sign-in',
      nothing,
      wiki({ signIn: { maxAgeMinutes: 15 } }),
      ['- wiki sign_in_age: who signed in more than 15 minutes ago'],
    ],
    [
      'gain it back without that',
      wiki({ signIn: { maxAgeMinutes: 15 } }),
      wiki({ signIn: undefined }),
      ['+ wiki sign_in_age: who signed in more than 15 minutes ago: no limit any more'],
    ],
    [
      'gain by a longer limit',
      wiki({ signIn: { maxAgeMinutes: 15 } }),
      wiki({ signIn: { maxAgeMinutes: 60 } }),
      ['+ wiki sign_in_age: who signed in up to 60 minutes ago, instead of 15'],
    ],
    [
      'lose by a class of sign-in',
      nothing,
      wiki({ signIn: { acr: 'mfa' } }),
      ['- wiki sign_in_class: who has not signed in as mfa'],
    ],
    [
      'gain by another class',
      wiki({ signIn: { acr: 'mfa' } }),
      wiki({ signIn: { acr: ['mfa', 'password'] } }),
      ['+ wiki sign_in_class: who has signed in as password'],
    ],
    [
      'gain when no class is asked for',
      wiki({ signIn: { acr: 'mfa', maxAgeMinutes: 5 } }),
      wiki({ signIn: { maxAgeMinutes: 5 } }),
      ['+ wiki sign_in_class: who has signed in otherwise than as mfa'],
    ],
    [
      'stay signed in for longer by a provider’s own limit',
      guests({ session: { idleMinutes: 10 } }),
      guests({ session: { idleMinutes: 20 } }),
      ['+ guests session_idle: who is signed in, for longer: session.idleMinutes from 10 to 20'],
    ],
    [
      'are signed out sooner by one',
      nothing,
      guests({ session: { absoluteMinutes: 60 } }),
      ['- guests session_absolute: who is signed in, sooner: session.absoluteMinutes from the stack’s own to 60'],
    ],
    [
      'stay signed in for longer while a provider does not answer',
      nothing,
      parts({ session: { refreshGraceMinutes: 120 } }),
      ['+  session_grace: who is signed in, for longer: session.refreshGraceMinutes from 60 to 120'],
    ],
    ['do not gain by new keys', nothing, parts({ keys: { signing: ['k1', 'k2'] } }), []],
    ['do not gain by a proxy in front', nothing, parts({ trustedProxies: ['10.0.0.0/8'] }), []],
    ['do not gain by another way to answer', nothing, guests({ responseMode: 'form_post' }), []],
    [
      'may gain by what the provider is asked in another way',
      nothing,
      guests({ authorizationParameters: { acr_values: 'low' } }),
      [
        '+ guests setting_unknown: whoever the changed setting authorizationParameters lets in, which this review cannot tell',
      ],
    ],
  ])('%s', (_, former, edit, expected) => {
    expect(changeFrom(former, edit)).toEqual(expected)
  })

  it('gain and lose with the tenants that may come in', () => {
    const HOME = '11111111-2222-4333-8444-555555555555'
    const GUEST = '22222222-3333-4444-8555-666666666666'
    const shared = (tenants: string[]): Change => {
      const credentials = { tenantId: HOME, clientId: 'c', clientSecret: { env: 'X' } }
      return (stack) =>
        Object.assign(stack.identityProviders, { guests: { kind: 'entra', tenantId: 'common', tenants, credentials } })
    }
    const found = changeFrom(shared([HOME]), shared([GUEST]))
    expect(found).toEqual([
      `+ guests tenants: people of the tenant ${GUEST}`,
      `- guests tenants: people of the tenant ${HOME}`,
    ])
  })
})
