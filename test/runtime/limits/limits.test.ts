import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { createLimits, HAND_OVERS_UNTIL_LOOP, type Limits, PER_MINUTE } from '../../../runtime/limits/index.ts'
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

describe.each(['signIn', 'callback', 'code'] as const)('limit %s', (kind) => {
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
    for (const other of ['signIn', 'callback', 'code'] as const) {
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
