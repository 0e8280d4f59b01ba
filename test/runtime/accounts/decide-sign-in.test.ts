import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decideSignIn, type SignInFacts, voucherOf } from '../../../runtime/accounts/decide-sign-in.ts'
import type { AccountWithCredentials } from '../../../runtime/store/index.ts'

const ADDRESS = 'alice@acme.example'

function account(change: Partial<AccountWithCredentials['account']> = {}): AccountWithCredentials {
  return {
    account: {
      id: 'a',
      brand: 'default',
      status: 'active',
      origin: 'invitation',
      email: ADDRESS,
      profile: {},
      ownFields: [],
      groups: [],
      passwordHash: undefined,
      passwordChangedAt: undefined,
      language: '',
      createdAt: 1,
      lastSignInAt: undefined,
      version: 1,
      ...change,
    },
    identities: [],
    passkeys: [],
  }
}
const foreseen = account()
const suspended = account({ status: 'suspended' })
const withPassword = account({ passwordHash: 'hash' })
const visited = account({ lastSignInAt: 7 })
const begunBySignIn = account({ origin: 'sign_in' })
const withIdentity: AccountWithCredentials = {
  ...foreseen,
  identities: [
    {
      issuer: 'https://idp.acme.example',
      subject: 'alice',
      accountId: 'a',
      brand: 'default',
      identityProvider: 'acme',
      email: ADDRESS,
      emailVerified: false,
      linkedAt: 1,
      lastUsedAt: 1,
    },
  ],
}
const withPasskey: AccountWithCredentials = {
  ...foreseen,
  passkeys: [
    {
      id: 'k',
      accountId: 'a',
      brand: 'default',
      publicKey: 'key',
      counter: 0,
      transports: [],
      name: 'Phone',
      createdAt: 1,
      lastUsedAt: undefined,
    },
  ],
}

const auto = { allowedDomains: [] as string[], provisioning: 'auto', linking: 'confirm' } as const
const matchOnly = { ...auto, provisioning: 'match-only' } as const
const restricted = { ...auto, allowedDomains: ['acme.example'] }
const denying = { ...auto, linking: 'deny' } as const
const facts: SignInFacts = {
  claimedEmail: ADDRESS,
  verifiedBy: 'provider',
  goesOnWithout: false,
  provider: auto,
  canMail: true,
  known: undefined,
  owner: undefined,
}
const unverified = { verifiedBy: undefined } as const
const noMail = { ...unverified, canMail: false } as const

const refuse = (code: string) => ({ decision: 'refuse', code })
const verify = (required: boolean) => ({ decision: 'verify_email', required })

describe('a sign-in', () => {
  it.each<[string, Partial<SignInFacts>, object]>([
    ['of a new person with a verified address makes an account', {}, { decision: 'create' }],
    [
      'of a new person without an address makes an account',
      { claimedEmail: '', ...unverified },
      { decision: 'create' },
    ],
    [
      'of a new person with an unverified address is verified by mail, who may go on without',
      unverified,
      verify(false),
    ],
    ['of one who goes on without makes an account', { ...unverified, goesOnWithout: true }, { decision: 'create' }],
    ['with an unverified address makes an account where there is no mail', noMail, { decision: 'create' }],
    ['is verified by mail, which is required, at match-only', { ...unverified, provider: matchOnly }, verify(true)],
    ['is verified by mail, which is required, with domains', { ...unverified, provider: restricted }, verify(true)],
    [
      'cannot go on without where it is required',
      { ...unverified, provider: restricted, goesOnWithout: true },
      verify(true),
    ],
    ['with domains is refused without mail', { ...noMail, provider: restricted }, refuse('email_unverified')],
    ['at match-only is refused without mail', { ...noMail, provider: matchOnly }, refuse('email_unverified')],
    ['at match-only of somebody new is refused', { provider: matchOnly }, refuse('not_provisioned')],
    [
      'at match-only without an address is refused',
      { ...unverified, claimedEmail: '', provider: matchOnly },
      refuse('not_provisioned'),
    ],
    [
      'from another domain is refused',
      { claimedEmail: 'alice@evil.example', provider: restricted },
      refuse('email_refused'),
    ],
    [
      'from a subdomain is refused',
      { claimedEmail: 'alice@sub.acme.example', provider: restricted },
      refuse('email_refused'),
    ],
    [
      'without an address is refused where there are domains',
      { claimedEmail: '', ...unverified, provider: restricted },
      refuse('email_refused'),
    ],
    [
      'from another domain is refused also of one who is known',
      { claimedEmail: 'a@evil.example', provider: restricted, known: withIdentity },
      refuse('email_refused'),
    ],
    ['of somebody known enters', { known: withIdentity }, { decision: 'enter' }],
    [
      'of somebody known without an address enters',
      { known: withIdentity, claimedEmail: '', ...unverified },
      { decision: 'enter' },
    ],
    ['of somebody known enters at match-only', { known: withIdentity, provider: matchOnly }, { decision: 'enter' }],
    [
      'of somebody known whose address is another’s enters their own',
      { known: withIdentity, owner: withPassword },
      { decision: 'enter' },
    ],
    ['of somebody known is verified by mail', { known: withIdentity, ...unverified }, verify(false)],
    [
      'of somebody known who goes on without enters',
      { known: withIdentity, ...unverified, goesOnWithout: true },
      { decision: 'enter' },
    ],
    [
      'of somebody known at match-only need not be verified',
      { known: withIdentity, ...unverified, provider: matchOnly },
      verify(false),
    ],
    [
      'of somebody known has to be verified where there are domains',
      { known: withIdentity, ...unverified, provider: restricted },
      verify(true),
    ],
    [
      'of somebody known enters unverified where there is no mail',
      { known: withIdentity, ...noMail },
      { decision: 'enter' },
    ],
    [
      'of somebody known with domains is refused without mail',
      { known: withIdentity, ...noMail, provider: restricted },
      refuse('email_unverified'),
    ],
    ['of somebody suspended is refused', { known: suspended }, refuse('account_suspended')],
    [
      'of somebody suspended is refused before any mail',
      { known: suspended, ...unverified },
      refuse('account_suspended'),
    ],
    ['with the address of somebody suspended is refused', { owner: suspended }, refuse('account_suspended')],
    ['joins an account that was made for it', { owner: foreseen }, { decision: 'join' }],
    ['joins it at match-only', { owner: foreseen, provider: matchOnly }, { decision: 'join' }],
    [
      'joins it where linking is denied: there is nobody to rob',
      { owner: foreseen, provider: denying },
      { decision: 'join' },
    ],
    [
      'asks to confirm before it joins an account with a password',
      { owner: withPassword },
      { decision: 'confirm_link' },
    ],
    ['asks to confirm before it joins an account with a passkey', { owner: withPasskey }, { decision: 'confirm_link' }],
    [
      'asks to confirm before it joins an account with an identity',
      { owner: withIdentity },
      { decision: 'confirm_link' },
    ],
    [
      'asks to confirm before it joins an account that somebody has used',
      { owner: visited },
      { decision: 'confirm_link' },
    ],
    [
      'asks to confirm before it joins an account that began elsewhere',
      { owner: begunBySignIn },
      { decision: 'confirm_link' },
    ],
    ['asks to confirm at match-only', { owner: withPassword, provider: matchOnly }, { decision: 'confirm_link' }],
    ['joins nothing where linking is denied', { owner: withPassword, provider: denying }, refuse('account_exists')],
  ])('%s', (_, change, expected) => {
    expect(decideSignIn({ ...facts, ...change })).toEqual(expected)
  })
})

const anyAccount = fc.constantFrom(
  undefined,
  foreseen,
  suspended,
  withPassword,
  withPasskey,
  withIdentity,
  visited,
  begunBySignIn,
)
const anyFacts = fc
  .record({
    claimedEmail: fc.constantFrom('', ADDRESS, 'alice@evil.example', 'alice@sub.acme.example'),
    verifiedBy: fc.constantFrom<SignInFacts['verifiedBy']>(undefined, 'provider', 'mail'),
    goesOnWithout: fc.boolean(),
    canMail: fc.boolean(),
    known: anyAccount,
    owner: anyAccount,
    provider: fc.record({
      allowedDomains: fc.constantFrom<string[]>([], ['acme.example']),
      provisioning: fc.constantFrom('auto' as const, 'match-only' as const),
      linking: fc.constantFrom('deny' as const, 'confirm' as const),
    }),
  })
  .map((any): SignInFacts => (any.claimedEmail === '' ? { ...any, verifiedBy: undefined } : any))
  // Nobody is looked for by an address that is not verified.
  .map((any) => (any.verifiedBy ? any : { ...any, owner: undefined }))

/** Says for any facts what must never come of them. */
function never(title: string, isWrong: (any: SignInFacts, decision: string, code?: string) => boolean): void {
  it(`never ${title}`, () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        const decided = decideSignIn(any)
        return !isWrong(any, decided.decision, 'code' in decided ? decided.code : undefined)
      }),
      { seed: 35, numRuns: 3_000 },
    )
  })
}

describe('whatever is known of somebody, a sign-in', () => {
  never(
    'joins or asks to join by an address that nobody verified',
    ({ verifiedBy }, decision) => ['join', 'confirm_link'].includes(decision) && verifiedBy === undefined,
  )
  never(
    'joins an account that somebody can sign in to, or has',
    ({ owner }, decision) => decision === 'join' && owner !== foreseen,
  )
  never(
    'asks to join where linking is denied',
    ({ provider }, decision) => decision === 'confirm_link' && provider.linking === 'deny',
  )
  never(
    'makes an account at match-only',
    ({ provider }, decision) => decision === 'create' && provider.provisioning === 'match-only',
  )
  never(
    'makes an account beside the one that has the identity or the address',
    ({ known, owner }, decision) => decision === 'create' && (known !== undefined || owner !== undefined),
  )
  never(
    'leads into an account that is suspended',
    ({ known, owner }, decision) =>
      (decision === 'enter' && known === suspended) || (decision === 'join' && owner === suspended),
  )
  never(
    'leads past the domains, verified or not',
    ({ claimedEmail, provider, verifiedBy }, decision) =>
      ['enter', 'join', 'create', 'confirm_link'].includes(decision) &&
      provider.allowedDomains.length > 0 &&
      (claimedEmail !== ADDRESS || verifiedBy === undefined),
  )
  never('sends mail where there is none', ({ canMail }, decision) => decision === 'verify_email' && !canMail)
  never(
    'leaves somebody known for the account of their address',
    ({ known }, decision) => known !== undefined && ['join', 'confirm_link', 'create'].includes(decision),
  )
})

describe('an address is verified', () => {
  const remembered = { email: ADDRESS, emailVerified: true }
  it.each<[string, string, string, { emailByMail?: string }, typeof remembered | undefined, string | undefined]>([
    ['by the provider whose word counts', ADDRESS, ADDRESS, {}, undefined, 'provider'],
    ['by a mail of ours', ADDRESS, '', { emailByMail: ADDRESS }, undefined, 'mail'],
    ['by a mail of ours from before', ADDRESS, '', {}, remembered, 'mail'],
    ['by nobody', ADDRESS, '', {}, undefined, undefined],
    ['not by a mail to another address', ADDRESS, '', { emailByMail: 'bob@acme.example' }, undefined, undefined],
    ['not by what was verified of another', 'new@acme.example', '', {}, remembered, undefined],
    ['not by what the provider said before', ADDRESS, '', {}, { ...remembered, emailVerified: false }, undefined],
    ['never where there is none', '', '', { emailByMail: '' }, { email: '', emailVerified: true }, undefined],
  ])('%s', (_, claimedEmail, providerEmail, verified, identity, expected) => {
    expect(voucherOf({ claimedEmail, providerEmail }, verified, identity)).toBe(expected)
  })
})
