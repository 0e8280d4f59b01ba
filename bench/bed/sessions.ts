import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { pino } from 'pino'

import type { RuntimeConfig } from '../../runtime/config.ts'
import { createSealer } from '../../runtime/keys/index.ts'
import { readAsOf } from '../../runtime/providers/index.ts'
import { createSessions, digest, SESSION_COOKIE } from '../../runtime/sessions/index.ts'
import { type Account, openSqliteStore } from '../../runtime/store/index.ts'

const TWO_HOURS_MS = 7_200_000

/**
 * Puts people with sessions into the store of a gateway that does not run yet, by the code that sign-in uses.
 * @param folder of the gateway's release
 * @returns the Cookie header of each, for the route `hello`
 */
export async function seedSessions(
  folder: { path: string; dataFolder: string; config: RuntimeConfig },
  count: number,
): Promise<string[]> {
  const { path, dataFolder, config } = folder
  const key = await readFile(join(path, 'current', 'secrets', 'sealing-key.k1'), 'utf8')
  const store = openSqliteStore(join(dataFolder, 'gateway.sqlite'))
  try {
    const sealer = createSealer(new Map([['k1', Buffer.from(key, 'base64url')]]))
    const log = pino({ level: 'silent' })
    const sessions = createSessions({ store, sealer, config, providers: new Map(), log })
    const origin = config.routes['hello']?.from ?? ''
    const cookies: string[] = []
    for (let number = 0; number < count; number += 1) {
      const session = newSession(config, number)
      await store.insertAccount(accountOf(session), undefined, [])
      const parent = await sessions.start(session, undefined)
      const value = await sessions.startAtHost(digest(parent), origin, undefined)
      cookies.push(`${SESSION_COOKIE}=${value}`)
    }
    return cookies
  } finally {
    await store.close()
  }
}

function newSession(config: RuntimeConfig, number: number) {
  const { acme } = config.identityProviders
  const issuer = acme?.issuer ?? ''
  const subject = `person-${number}`
  const now = Date.now()
  return {
    brand: 'default',
    identityProvider: 'acme',
    issuer,
    subject,
    sid: undefined,
    accountId: `person-id-${number}`,
    device: {
      address: '192.0.2.7',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
    person: {
      id: `person-id-${number}`,
      email: `${subject}@acme.example`,
      name: `Person ${number}`,
      groups: ['staff', 'finance', 'berlin'],
      claims: {},
      readAs: acme ? readAsOf(acme) : '',
    },
    authentication: { time: now, acr: undefined, amr: ['pwd'] },
    // Of the size that providers' tokens have.
    tokens: { access: 'a'.repeat(900), refresh: 'r'.repeat(200), id: 'i'.repeat(900) },
    accessExpiresAt: now + TWO_HOURS_MS,
  }
}

function accountOf({ accountId, brand, person }: ReturnType<typeof newSession>): Account {
  const now = Date.now()
  return {
    id: accountId,
    brand,
    status: 'active',
    origin: 'sign_in',
    email: person.email,
    profile: { name: person.name },
    ownFields: [],
    groups: [],
    passwordHash: undefined,
    passwordChangedAt: undefined,
    language: '',
    createdAt: now,
    lastSignInAt: now,
    version: 1,
  }
}
