import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import {
  createLimits,
  HAND_OVERS_UNTIL_LOOP,
  type Limits,
  MAILS_PER_HOUR,
  type AskedMail,
  PASSWORD_ATTEMPTS,
  PASSWORD_ATTEMPTS_OF_ALL,
  PER_MINUTE,
} from '../../../runtime/limits/index.ts'
import { Refusal } from '../../../runtime/refusal.ts'
import { openSqliteStore, type Store } from '../../../runtime/store/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatewright-limits-'))
const stores: Store[] = []
let limits: Limits
let now: number
let store: Store
let files = 0
beforeEach(() => {
  // Each test counts from nothing.
  files += 1
  store = openSqliteStore(join(folder, `${files}.sqlite`))
  stores.push(store)
  now = 1_800_000_000_000
  limits = createLimits(store, { trustedProxies: [] }, () => now)
})
afterAll(async () => {
  await Promise.all(stores.map((each) => each.close()))
  rmSync(folder, { recursive: true })
})

const someone = { address: '203.0.113.7', shared: false }

async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += 1) await work()
}

/** What a limit says no with. */
async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Refusal) return error
  throw new Error('it was let through')
}

const BY_ADDRESS = ['signIn', 'callback', 'code', 'credential'] as const

describe.each(BY_ADDRESS)('limit %s', (kind) => {
  it('refuses one address above its number, says when to come back, and lets it through then', async () => {
    await times(PER_MINUTE[kind], () => limits[kind](someone))
    now += 20_000
    expect(await refusalOf(limits[kind](someone))).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 40 })
    now += 40_000
    await limits[kind](someone)
  })

  it('counts addresses apart, a /64 of IPv6 as one, and each kind for itself', async () => {
    await times(PER_MINUTE[kind], () => limits[kind]({ address: '2001:db8::1', shared: false }))
    expect((await refusalOf(limits[kind]({ address: '2001:db8::2', shared: false }))).code).toBe('rate_limited')
    await limits[kind]({ address: '2001:db8:0:1::1', shared: false })
    await limits[kind](someone)
    for (const other of BY_ADDRESS) {
      if (other !== kind) await limits[other]({ address: '2001:db8::1', shared: false })
    }
  })

  it('does not count an address that many people share', async () => {
    const proxy = { address: '127.0.0.1', shared: true }
    await times(PER_MINUTE[kind] + 5, () => expect(limits[kind](proxy)).resolves.toBeUndefined())
  })
})

describe('the limit of an account', () => {
  it('holds over all addresses, and for that issuer and subject alone', async () => {
    await times(PER_MINUTE.account, () => limits.account('https://idp.example', 'alice'))
    expect((await refusalOf(limits.account('https://idp.example', 'alice'))).code).toBe('rate_limited')
    await limits.account('https://idp.example', 'bob')
    await limits.account('https://other.example', 'alice')
  })
})

describe('kept forms', () => {
  it('are bounded for one address and for everybody, without a refusal', async () => {
    await times(PER_MINUTE.keptBody, async () => expect(await limits.mayKeepBody(someone)).toBe(true))
    expect(await limits.mayKeepBody(someone)).toBe(false)
    const behindProxy = { address: '127.0.0.1', shared: true }
    await times(PER_MINUTE.keptBodies - PER_MINUTE.keptBody, () => limits.mayKeepBody(behindProxy))
    expect(await limits.mayKeepBody(behindProxy)).toBe(false)
    now += 60_000
    expect(await limits.mayKeepBody(someone)).toBe(true)
  })
})

describe('hand-overs', () => {
  const handOver = { parentId: 's1', origin: 'https://hello.acme.example', bindingHash: 'b1', returnTo: '/page' }

  it('of one session to one app are a loop above five in twenty seconds, with the page for a retry', async () => {
    await times(HAND_OVERS_UNTIL_LOOP, () => limits.handOverLoop(handOver))
    expect(await refusalOf(limits.handOverLoop(handOver))).toMatchObject({ code: 'sign_in_loop', retry: '/page' })
    now += 20_000
    await limits.handOverLoop(handOver)
  })

  it('to other apps, of other sessions and of tabs that were opened at once are none', async () => {
    await times(HAND_OVERS_UNTIL_LOOP, () => limits.handOverLoop(handOver))
    for (const other of [{ origin: 'https://admin.acme.example' }, { parentId: 's2' }, { bindingHash: 'b2' }]) {
      await expect(limits.handOverLoop({ ...handOver, ...other })).resolves.toBeUndefined()
    }
  })

  it('are a loop before a browser gives up after twenty redirects, three a round', () => {
    expect((HAND_OVERS_UNTIL_LOOP + 1) * 3).toBeLessThan(20)
  })
})

describe('a store that cannot count', () => {
  it('lets nobody through', async () => {
    const broken = createLimits({ countEvent: () => Promise.reject(new Error('disk')) }, { trustedProxies: [] })
    await expect(broken.signIn(someone)).rejects.toThrow('disk')
    await expect(broken.account('i', 's')).rejects.toThrow('disk')
    await expect(broken.mayKeepBody(someone)).rejects.toThrow('disk')
    await expect(broken.handOverLoop({ parentId: 's', origin: 'o', bindingHash: 'b', returnTo: '/' })).rejects.toThrow(
      'disk',
    )
  })
})

describe('replicas', () => {
  it('count together', async () => {
    const other = openSqliteStore(join(folder, `${files}.sqlite`))
    stores.push(other)
    const elsewhere = createLimits(other, { trustedProxies: [] }, () => now)
    await times(PER_MINUTE.account / 2, () => limits.account('i', 'alice'))
    await times(PER_MINUTE.account / 2, () => elsewhere.account('i', 'alice'))
    expect((await refusalOf(limits.account('i', 'alice'))).code).toBe('rate_limited')
    expect((await refusalOf(elsewhere.account('i', 'alice'))).code).toBe('rate_limited')
  })
})

describe('attempts at a password', () => {
  const attempt = (email = 'alice@acme.example', address = someone.address, brand = 'default') =>
    limits.password(brand, email, { address, shared: false })

  it('wait longer and longer, a quarter of an hour at most', async () => {
    now = Math.ceil(now / 900_000) * 900_000
    const waits: number[] = []
    for (let count = 0; count < 60; count += 1) {
      const refused = await attempt().then(
        () => undefined,
        (error: unknown) => error as Refusal,
      )
      const wait = refused?.retryAfterSeconds ?? 0
      if (wait > 0) waits.push(wait)
      now += wait * 1_000
    }
    expect(waits[0]).toBe(60)
    expect(waits).toContain(300 - 60)
    expect(Math.max(...waits)).toBeLessThanOrEqual(PASSWORD_ATTEMPTS.at(-1)?.seconds ?? 0)
    now += 900_000
    await attempt()
  })

  it('are counted for one account from one place, whatever happens elsewhere', async () => {
    await times(5, () => attempt())
    expect((await refusalOf(attempt())).code).toBe('rate_limited')
    await attempt('bob@acme.example')
    await attempt('alice@acme.example', '198.51.100.1')
    await attempt('alice@acme.example', someone.address, 'other')
  })

  it('from everywhere together wait for their turn above fifty in a quarter of an hour, and none is refused', async () => {
    const turns: string[] = []
    const turn = (key: string) => {
      turns.push(key)
      return Promise.resolve()
    }
    limits = createLimits(store, { trustedProxies: [] }, () => now, { turn })
    const { attempts, seconds } = PASSWORD_ATTEMPTS_OF_ALL
    const shared = { address: '', shared: true }
    for (let count = 0; count < attempts; count += 1) {
      await (count % 2
        ? attempt(undefined, `198.51.100.${count}`)
        : limits.password('default', 'alice@acme.example', shared))
    }
    expect(turns).toEqual([])
    await attempt(undefined, '203.0.113.200')
    await limits.password('default', 'alice@acme.example', shared)
    expect(new Set(turns).size).toBe(1)
    expect(turns).toHaveLength(2)
    expect(turns.join()).not.toContain('alice')
    await attempt('bob@acme.example')
    await attempt(undefined, undefined, 'other')
    now += seconds * 1_000
    await attempt()
    expect(turns).toHaveLength(2)
  })

  it('that one address may not make do not make others wait', async () => {
    const turns: string[] = []
    const turn = (key: string) => Promise.resolve(void turns.push(key))
    limits = createLimits(store, { trustedProxies: [] }, () => now, { turn })
    await times(PASSWORD_ATTEMPTS_OF_ALL.attempts * 2, () => attempt().catch(() => undefined))
    await attempt(undefined, '198.51.100.1')
    expect(turns).toEqual([])
  })

  it('from one network of IPv6 are from one place', async () => {
    for (const last of [1, 2, 3, 4, 5]) await attempt(undefined, `2001:db8::${last}`)
    expect((await refusalOf(attempt(undefined, '2001:db8::6'))).code).toBe('rate_limited')
  })
})

describe('mails', () => {
  const asked = {
    kind: 'password_reset' as const,
    client: someone,
    brand: 'default',
    to: 'alice@acme.example',
    accountId: undefined,
  }
  const ask = (change: Partial<Pick<AskedMail, 'client' | 'to' | 'accountId'>> = {}) =>
    limits.mail({ ...asked, ...change })

  it.each([
    [
      'to one address',
      MAILS_PER_HOUR.recipient,
      (count: number) => ({ client: { ...someone, address: `2001:db8:0:${count}::1` } }),
    ],
    [
      'about one account',
      MAILS_PER_HOUR.account,
      (count: number) => ({ accountId: 'a', to: `a${count}@acme.example` }),
    ],
    ['from one place', MAILS_PER_HOUR.client, (count: number) => ({ to: `a${count}@acme.example` })],
  ])('%s are bounded by the hour', async (_, most, change) => {
    for (let count = 0; count < most; count += 1) await ask(change(count))
    const refused = await refusalOf(ask(change(most)))
    expect(refused.code).toBe('rate_limited')
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(3_600)
    await ask({ client: { address: '198.51.100.1', shared: false }, to: 'bob@acme.example' })
    now += 3_600_000
    await ask(change(most))
  })

  it('of one kind to an address use up nothing of another, nor what strangers claim of its owner’s', async () => {
    const elsewhere = (count: number) => ({ ...someone, address: `2001:db8:0:${count}::1` })
    const mallory = { kind: 'verify_email', identity: { issuer: 'https://idp.example', subject: 'mallory' } } as const
    for (let count = 0; count < MAILS_PER_HOUR.recipient; count += 1) {
      await ask({ client: elsewhere(count) })
      await limits.mail({ ...asked, ...mallory, client: elsewhere(100 + count) })
    }
    const client = elsewhere(200)
    expect((await refusalOf(ask({ client }))).code).toBe('rate_limited')
    expect((await refusalOf(limits.mail({ ...asked, ...mallory, client }))).code).toBe('rate_limited')
    await limits.mail({ ...asked, ...mallory, client, identity: { ...mallory.identity, subject: 'alice' } })
    await limits.mail({
      ...asked,
      ...mallory,
      client,
      identity: { ...mallory.identity, issuer: 'https://other.example' },
    })
    await limits.mail({ ...asked, kind: 'invitation', client })
  })

  it('from a place that many share are bounded by address and account alone', async () => {
    const client = { address: '10.0.0.1', shared: true }
    for (let count = 0; count < MAILS_PER_HOUR.client + 5; count += 1) {
      await expect(ask({ client, to: `a${count}@acme.example` })).resolves.toBeUndefined()
    }
  })
})
