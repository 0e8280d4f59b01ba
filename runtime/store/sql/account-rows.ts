import type { Account, AccountWithCredentials, Identity, Passkey, Profile } from '../accounts.ts'
import { number, optionalNumber, optionalText, text } from './columns.ts'
import type { Dialect, Row } from './database.ts'
import { fold } from './fold.ts'

/** An account as a row; what has parts of its own is JSON, and what is searched stands there once more, folded. */
export function accountRow(account: Account): Row {
  return {
    id: account.id,
    brand: account.brand,
    status: account.status,
    origin: account.origin,
    email: account.email,
    profile: JSON.stringify(account.profile),
    own_fields: JSON.stringify(account.ownFields),
    group_names: JSON.stringify(account.groups),
    password_hash: account.passwordHash ?? null,
    password_changed_at: account.passwordChangedAt ?? null,
    language: account.language,
    created_at: account.createdAt,
    last_sign_in_at: account.lastSignInAt ?? null,
    version: account.version,
    folded_email: fold(account.email),
    folded_names: foldedNames(account.profile),
  }
}

/** The names in a profile that an account is searched by. */
export function foldedNames({ name = '', username = '' }: Profile): string {
  // Nobody searches for a line feed, so that no match spans both.
  return `${fold(name)}\n${fold(username)}`
}

/** A row of `accounts` as an account. */
export function toAccount(row: Row): Account {
  return {
    id: text(row, 'id'),
    brand: text(row, 'brand'),
    status: text(row, 'status') as Account['status'],
    origin: text(row, 'origin') as Account['origin'],
    email: text(row, 'email'),
    profile: JSON.parse(text(row, 'profile')) as Profile,
    ownFields: JSON.parse(text(row, 'own_fields')) as Account['ownFields'],
    groups: JSON.parse(text(row, 'group_names')) as string[],
    passwordHash: optionalText(row, 'password_hash'),
    passwordChangedAt: optionalNumber(row, 'password_changed_at'),
    language: text(row, 'language'),
    createdAt: number(row, 'created_at'),
    lastSignInAt: optionalNumber(row, 'last_sign_in_at'),
    version: number(row, 'version'),
  }
}

/** An identity as a row. */
export function identityRow(identity: Identity): Row {
  return {
    brand: identity.brand,
    issuer: identity.issuer,
    subject: identity.subject,
    account_id: identity.accountId,
    identity_provider: identity.identityProvider,
    email: identity.email,
    email_verified: identity.emailVerified ? 1 : 0,
    linked_at: identity.linkedAt,
    last_used_at: identity.lastUsedAt,
  }
}

/** A passkey as a row. */
export function passkeyRow(passkey: Passkey): Row {
  return {
    brand: passkey.brand,
    id: passkey.id,
    account_id: passkey.accountId,
    public_key: passkey.publicKey,
    counter: passkey.counter,
    transports: JSON.stringify(passkey.transports),
    name: passkey.name,
    created_at: passkey.createdAt,
    last_used_at: passkey.lastUsedAt ?? null,
  }
}

/** Property of an identity or passkey → column, as {@link selectWithCredentials} gathers them. */
const IDENTITY = {
  accountId: 'account_id',
  brand: 'brand',
  identityProvider: 'identity_provider',
  issuer: 'issuer',
  subject: 'subject',
  email: 'email',
  emailVerified: 'email_verified',
  linkedAt: 'linked_at',
  lastUsedAt: 'last_used_at',
} satisfies Record<keyof Identity, string>

const PASSKEY = {
  id: 'id',
  accountId: 'account_id',
  brand: 'brand',
  publicKey: 'public_key',
  counter: 'counter',
  transports: 'transports',
  name: 'name',
  createdAt: 'created_at',
  lastUsedAt: 'last_used_at',
} satisfies Record<keyof Passkey, string>

/** What of an engine's ways it takes to gather rows. */
export type JsonDialect = Pick<Dialect, 'schema' | 'jsonArray' | 'jsonObject'>

/** SELECT of accounts, each with its identities and passkeys: one statement, so that all are of one moment. */
export function selectWithCredentials({ schema, jsonArray, jsonObject }: JsonDialect): string {
  const gather = (table: string, columns: Record<string, string>): string => {
    const pairs = Object.entries(columns).map(([property, column]) => `'${property}', own.${column}`)
    return `(SELECT CAST(${jsonArray}(${jsonObject}(${pairs.join(', ')})) AS TEXT)
      FROM ${schema}${table} AS own WHERE own.account_id = account.id) AS ${table}`
  }
  return `SELECT account.*, ${gather('identities', IDENTITY)}, ${gather('passkeys', PASSKEY)}
    FROM ${schema}accounts AS account`
}

/** A row of {@link selectWithCredentials}; identities and passkeys in the order in which they came. */
export function toAccountWithCredentials(row: Row): AccountWithCredentials {
  const identities = gathered<Omit<Identity, 'emailVerified'> & { emailVerified: number }>(row, 'identities')
  const passkeys = gathered<
    Omit<Passkey, 'transports' | 'lastUsedAt'> & { transports: string; lastUsedAt: number | null }
  >(row, 'passkeys')
  return {
    account: toAccount(row),
    identities: identities
      .map((identity) => ({ ...identity, emailVerified: identity.emailVerified === 1 }))
      .toSorted((a, b) => a.linkedAt - b.linkedAt || order(a.issuer, b.issuer) || order(a.subject, b.subject)),
    passkeys: passkeys
      .map((passkey) => ({
        ...passkey,
        transports: JSON.parse(passkey.transports) as string[],
        lastUsedAt: passkey.lastUsedAt ?? undefined,
      }))
      .toSorted((a, b) => a.createdAt - b.createdAt || order(a.id, b.id)),
  }
}

function gathered<T>(row: Row, column: string): T[] {
  return JSON.parse(optionalText(row, column) ?? '[]') as T[]
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
