import { AUDIT_ACTIONS } from '../runtime/accounts/index.ts'
import { digest } from '../runtime/sessions/index.ts'
import type { Account, AuditEvent, Identity, Session } from '../runtime/store/index.ts'

/** Long before the sign-in that measures, so that it comes first in every list. */
const START = Date.parse('2026-01-01T00:00:00Z')
const MINUTE = 60_000
const YEAR = 365 * 24 * 60 * MINUTE
const BRAND = 'default'

/** The account of a person by number; every fiftieth is suspended. */
export function accountAt(number: number): Account {
  return {
    id: digest(`account ${number}`),
    brand: BRAND,
    status: number % 50 === 0 ? 'suspended' : 'active',
    origin: number % 10 === 0 ? 'invitation' : 'sign_in',
    email: `person-${number}@acme.example`,
    profile: { name: `Person Number ${number}`, username: `person${number}`, company: 'Acme', location: 'en' },
    ownFields: [],
    groups: ['staff'],
    passwordHash: undefined,
    passwordChangedAt: undefined,
    language: '',
    createdAt: START + number * MINUTE,
    lastSignInAt: START + (number + 100) * MINUTE,
    version: 1,
  }
}

export function identityAt(number: number): Identity {
  return {
    issuer: 'https://idp.acme.example',
    subject: `person-${number}`,
    accountId: accountAt(number).id,
    brand: BRAND,
    identityProvider: 'acme',
    email: `person-${number}@acme.example`,
    emailVerified: false,
    linkedAt: START + number * MINUTE,
    lastUsedAt: START + (number + 100) * MINUTE,
  }
}

/** A session that still counts. */
export function sessionAt(number: number): Session {
  const { id, email, profile } = accountAt(number)
  const now = Date.now()
  return {
    id: digest(`session ${number}`),
    brand: BRAND,
    identityProvider: 'acme',
    issuer: 'https://idp.acme.example',
    subject: `person-${number}`,
    sid: undefined,
    person: { id, email, name: profile.name ?? '', groups: ['staff'], claims: {}, readAs: '' },
    authentication: { time: now, acr: undefined, amr: ['pwd'] },
    sealedTokens: 'k1.nothing',
    accountId: id,
    device: {
      address: '192.0.2.7',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
    refresh: undefined,
    version: 1,
    createdAt: now - number * 1_000,
    seenAt: now,
    expiresAt: now + YEAR,
  }
}

/** What happened in the year, mostly sign-ins; every hundredth entry is one of the rarer kinds. */
export function eventAt(number: number, accounts: number): AuditEvent {
  const { id } = accountAt((number * 7) % accounts)
  const rare = AUDIT_ACTIONS[(number / 100) % AUDIT_ACTIONS.length]
  return {
    at: START + number * 2 * MINUTE,
    brand: BRAND,
    action: number % 100 === 0 && rare !== undefined ? rare : 'sign_in.succeeded',
    actor: id,
    account: id,
    address: '192.0.2.7',
    details: { provider: 'acme' },
  }
}
