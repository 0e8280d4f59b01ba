import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

import type { ServiceAccountConfig } from '../config.ts'
import { type Subject, subjectOfProgram } from '../identity/index.ts'
import { Refusal } from '../refusal.ts'
import { digest } from '../sessions/index.ts'

/** `gws_<account>_<token name>_<256 bits>`: the names lead to one hash, so that a request compares once. */
const TOKEN = /^gws_([a-z0-9-]+)_([a-z0-9-]+)_[\w-]{43}$/

const HASH_BYTES = 32

/** One token of one account. */
interface Entry {
  hash: Buffer
  /** Milliseconds since 1970. */
  expiresAt: number
  routes: ReadonlySet<string>
  subject: Subject
}

/** Tokens of the stack's own service accounts. */
export interface ServiceAccounts {
  /** @throws Refusal `token_invalid`: unknown, wrong, too old or of another route, which a client cannot tell apart */
  authenticate(token: string, routeId: string): Subject
}

/**
 * @param accounts by id; what is not in here any more is revoked
 * @throws Error for a hash that is not SHA-256, and for two tokens of one name
 */
export function createServiceAccounts(accounts: Readonly<Record<string, ServiceAccountConfig>>): ServiceAccounts {
  const entries = readEntries(accounts)
  // Nobody has a token of it: stands in for unknown ones, so that these take the same way.
  const nobody: Entry = { hash: randomBytes(HASH_BYTES), expiresAt: 0, routes: new Set(), subject: NOBODY }
  return {
    authenticate(token, routeId) {
      const [, account = '', name = ''] = TOKEN.exec(token) ?? []
      const entry = entries.get(`${account}_${name}`) ?? nobody
      const matches = timingSafeEqual(createHash('sha256').update(token).digest(), entry.hash)
      const counts = Date.now() < entry.expiresAt
      const isNamed = entry.routes.has(routeId)
      if (matches && counts && isNamed) return entry.subject
      throw new Refusal('token_invalid', `a service account's token was refused: ${reason(matches, counts)}`)
    },
  }
}

/** For the log; it says nothing about a token that nobody has shown to know. */
function reason(matches: boolean, counts: boolean): string {
  if (!matches) return 'it is not the token of that account and name'
  return counts ? 'the account does not name this route' : 'it has expired'
}

function readEntries(accounts: Readonly<Record<string, ServiceAccountConfig>>): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const [id, account] of Object.entries(accounts)) {
    for (const { name, hash, expiresAt } of account.tokens) {
      const key = `${id}_${name}`
      const bytes = Buffer.from(hash, 'base64url')
      if (bytes.length !== HASH_BYTES) throw new Error(`service account ${id}: the hash of ${name} is not SHA-256`)
      if (entries.has(key)) throw new Error(`service account ${id} has two tokens called ${name}`)
      entries.set(key, {
        hash: bytes,
        expiresAt,
        routes: new Set(account.routes),
        subject: subjectOf(id, account, hash),
      })
    }
  }
  return entries
}

function subjectOf(id: string, { name, groups }: ServiceAccountConfig, hash: string): Subject {
  return subjectOfProgram({
    id: digest(JSON.stringify(['service-account', id])),
    name,
    groups,
    provider: `service-account:${id}`,
    key: `service-account ${hash}`,
  })
}

const NOBODY: Subject = subjectOfProgram({ id: '', name: '', groups: [], provider: '', key: '' })
