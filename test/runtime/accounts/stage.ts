import { vi } from 'vitest'

import {
  type Actor,
  type AtBrand,
  createAccounts,
  createPasswordHasher,
  type PasswordHasher,
  type Verified,
} from '../../../runtime/accounts/index.ts'
import type { BrandConfig, IdentityProviderConfig, MailConfig, RuntimeConfig } from '../../../runtime/config.ts'
import { type Counted, createLimits, type Pace } from '../../../runtime/limits/index.ts'
import type { SecurityChange } from '../../../runtime/mail/index.ts'
import { createProvider, type Provider, type SignInResult } from '../../../runtime/providers/index.ts'
import { readProfile } from '../../../runtime/providers/attributes.ts'
import { identityOf } from '../../../runtime/providers/identity.ts'
import { claimedEmail, personFromClaims } from '../../../runtime/providers/person.ts'
import { Refusal } from '../../../runtime/refusal.ts'
import {
  type Account,
  type AccountWithCredentials,
  type AuditEntry,
  openSqliteStore,
  type Store,
} from '../../../runtime/store/index.ts'
import { baseConfig, brandAt, providerDefaults } from '../../support/release.ts'

export const GOOGLE = 'https://accounts.google.example'
export const ENTRA = 'https://login.entra.example/11111111-1111-4111-8111-111111111111/v2.0'

/** Costs next to nothing; how dear a password is, is no matter of these tests. */
export const COST = { memoryKib: 64, passes: 1, lanes: 1 }

export const ALICE = {
  sub: 'alice',
  email: 'alice@acme.example',
  email_verified: true,
  name: 'Alice Archer',
  preferred_username: 'alice',
}

const MAIL: MailConfig = { host: 'mail.acme.example', port: 587, security: 'starttls', from: 'login@acme.example' }

export interface StageOptions {
  google?: Partial<IdentityProviderConfig>
  entra?: Partial<IdentityProviderConfig>
  brand?: Partial<BrandConfig>
  /** Whether mail is set up; it is unless said otherwise. */
  mail?: 'none'
  accounts?: RuntimeConfig['accounts']
  store?: Store
  passwords?: PasswordHasher
  /** Of attempts at a password; nobody waits unless a test has one of its own. */
  pace?: Pace
}

/** Accounts on a real store in memory, of a brand with two providers and everything else that people may sign in by. */
export function openStage(options: StageOptions = {}) {
  const store = options.store ?? openSqliteStore(':memory:')
  const base = baseConfig({ listenPort: 1, adminPort: 2, appPort: 3, issuer: GOOGLE })
  const brands = {
    default: { ...brandAt('https://login.acme.example', ['google', 'entra']), password: 'on', passkeys: true },
    other: { ...brandAt('https://login.other.example', ['google', 'entra']), password: 'on', passkeys: true },
  } satisfies RuntimeConfig['brands']
  const brand: AtBrand = { id: 'default', config: { ...brands.default, ...options.brand } }
  const providers = new Map(
    Object.entries({
      google: providerAt('google', GOOGLE, options.google),
      entra: providerAt('entra', ENTRA, { subjectClaim: 'oid', ...options.entra }),
    }),
  )
  const told: { account: Account; change: SecurityChange; actor: Actor }[] = []
  const log = { info: vi.fn<() => void>(), warn: vi.fn<(...said: unknown[]) => void>() }
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const accounts = createAccounts({
    store,
    providers,
    config: {
      brands: { ...brands, default: brand.config },
      accounts: options.accounts ?? {},
      ...(options.mail === 'none' ? {} : { mail: MAIL }),
    },
    limits: createLimits(store, base, now, options.pace ?? { turn: () => Promise.resolve() }),
    log,
    onSecurityChange: (account, change, actor) => told.push({ account, change, actor }),
    passwords: options.passwords ?? createPasswordHasher({ cost: COST }),
    now,
  })
  return {
    store,
    accounts,
    brand,
    other: { id: 'other', config: brands.other } satisfies AtBrand,
    providers,
    told,
    log,
    clock,
    /** Somebody comes back from a provider. */
    comes: (claims: Record<string, unknown>, at: 'google' | 'entra' = 'google', verified: Verified = {}) =>
      accounts.admit(brand, provider(providers, at), resultOf(provider(providers, at), claims), verified, CLIENT),
    provider: (id: 'google' | 'entra') => provider(providers, id),
    audit: async (): Promise<readonly AuditEntry[]> => (await store.listAudit({}, 100)).items,
    everybody: async (): Promise<readonly Account[]> => (await store.listAccounts({}, 100)).items,
    stored: async (id: string, at = 'default'): Promise<AccountWithCredentials> => {
      const found = await store.findAccount(at, id)
      if (!found) throw new Error('there is no such account')
      return found
    },
  }
}

export type Stage = ReturnType<typeof openStage>

export const CLIENT: Actor & Counted = { id: 'system', address: '203.0.113.7', shared: false }

/** Somebody at their own account. */
export function self(account: Pick<Account, 'id'>): Actor {
  return { id: account.id, address: '203.0.113.7' }
}

/** What a sign-in gives, by the same reading of claims as a real one. */
export function resultOf({ config }: Provider, claims: Record<string, unknown>): SignInResult {
  const subject = String(claims['sub'])
  return {
    issuer: config.issuer,
    subject,
    sid: undefined,
    person: personFromClaims(claims, config),
    identity: identityOf(claims, config, config.issuer),
    claimedEmail: claimedEmail(claims, config),
    profile: readProfile(claims, config),
    authentication: { time: 0, acr: undefined, amr: [] },
    tokens: { access: 'access', refresh: undefined, id: 'id' },
    accessExpiresAt: undefined,
  }
}

/** Signs somebody in for the first time. */
export async function newcomer(
  stage: Stage,
  claims: Record<string, unknown> = ALICE,
  at: 'google' | 'entra' = 'google',
) {
  const admitted = await stage.comes(claims, at)
  if (admitted.outcome !== 'signed_in') throw new Error(`it came to ${admitted.outcome}`)
  return admitted.account
}

/** What somebody is refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const reason: unknown = await work.then(
    (value) => value,
    (error: unknown) => error,
  )
  if (reason instanceof Refusal) return reason
  throw new Error('that was no refusal', { cause: reason })
}

function providerAt(id: string, issuer: string, change: Partial<IdentityProviderConfig> = {}): Provider {
  const { acme } = baseConfig({ listenPort: 1, adminPort: 2, appPort: 3, issuer }).identityProviders
  if (!acme) throw new Error('the configuration lost its provider')
  const config = { ...acme, ...providerDefaults, name: id === 'google' ? 'Google' : 'Entra', ...change }
  return createProvider(id, config, [{ name: 'first', clientId: 'client', proof: { kind: 'none' } }])
}

function provider(providers: ReadonlyMap<string, Provider>, id: string): Provider {
  const found = providers.get(id)
  if (!found) throw new Error(`there is no ${id}`)
  return found
}
