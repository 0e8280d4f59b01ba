import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isSettled, type Replicas, startReplicas, untilDue, type Visitor } from '../support/replicas.ts'

const REPLICAS = [0, 1, 2]
const PARALLEL = 64
const ACCESS_SECONDS = 5

let site: Replicas
beforeAll(async () => {
  site = await startReplicas(REPLICAS.length, ACCESS_SECONDS)
}, 60_000)
afterAll(() => site.close())

const statuses = async (person: Visitor, replicas = REPLICAS): Promise<number[]> => {
  const answers = await Promise.all(replicas.map((replica) => site.visit(person, replica)))
  return answers.map(({ status }) => status)
}

/** Waits until every replica answers so: the others hear of a change by a notification of the database. */
const untilAll = async (person: Visitor, status: number): Promise<void> => {
  await expect.poll(() => statuses(person), { timeout: 2_000, interval: 10 }).toEqual(REPLICAS.map(() => status))
}

describe('48: after the refresh that saw it, the next request at every process', () => {
  it('is denied to who was taken out of the group, and allowed to who was put into it', async () => {
    const erin = await site.signIn('erin')
    expect(await statuses(erin)).toEqual([200, 200, 200])
    for (const [groups, status] of [
      [['visitors'], 403],
      [['staff'], 200],
    ] as const) {
      site.provider.groups = [...groups]
      await untilDue(erin)
      await site.visit(erin, 0)
      await expect.poll(async () => isSettled(await erin.stored()), { timeout: 10_000 }).toBe(true)
      await untilAll(erin, status)
      const before = site.arrived()
      expect(await statuses(erin)).toEqual([status, status, status])
      expect(site.arrived() - before).toBe(status === 200 ? 3 : 0)
    }
  }, 30_000)

  it('finds who was disabled signed out', async () => {
    const frank = await site.signIn('frank')
    expect(await statuses(frank)).toEqual([200, 200, 200])
    site.provider.disabled.add('frank')
    await untilDue(frank)
    const { refused } = site.provider.refreshes
    await site.visit(frank, 1)
    // The provider has refused, and the session has ended for it.
    await expect.poll(() => frank.stored().then(() => 'there', String), { timeout: 10_000 }).toMatch(/is gone/)
    expect(site.provider.refreshes.refused).toBe(refused + 1)
    await untilAll(frank, 401)
    const before = site.arrived()
    expect(await statuses(frank)).toEqual([401, 401, 401])
    expect(site.arrived()).toBe(before)
  }, 30_000)
})

describe('50: over three processes', () => {
  it(`${PARALLEL} requests at the moment of expiry use a refresh token once, each time`, async () => {
    const { provider } = site
    const alice = await site.signIn('alice')
    const before = { ...provider.refreshes }
    for (const round of [1, 2, 3]) {
      provider.groups = ['staff', `round-${round}`]
      await untilDue(alice)
      const everyone = Array.from({ length: PARALLEL }, (_, index) => site.visit(alice, index % REPLICAS.length))
      expect((await Promise.all(everyone)).map(({ status }) => status)).toEqual(Array(PARALLEL).fill(200))
      await expect.poll(async () => isSettled(await alice.stored()), { timeout: 10_000 }).toBe(true)
      // A token that came twice would be refused, and would end the grant.
      expect(provider.refreshes).toEqual({ granted: before.granted + round, refused: before.refused })
      for (const replica of REPLICAS) {
        expect((await site.visit(alice, replica)).text).toBe(JSON.stringify(provider.groups))
      }
    }
  }, 60_000)

  it('signing out at one ends the session at all', async () => {
    const dave = await site.signIn('dave')
    expect(await statuses(dave)).toEqual([200, 200, 200])
    const before = { ...site.provider.refreshes }
    expect((await site.signOut(dave, 1)).status).toBe(303)
    expect((await site.visit(dave, 1)).status).toBe(401)
    await untilAll(dave, 401)
    expect(site.provider.refreshes).toEqual(before)
  })

  it('killing the one that holds the lease, before and after the provider heard it, loses no session', async () => {
    const { provider } = site
    const people = [await site.signIn('bob'), await site.signIn('carol')]
    for (const person of people) await untilDue(person)
    const before = { ...provider.refreshes }
    provider.holds.push('unheard', 'unanswered')
    for (const person of people) expect((await site.visit(person, 0)).status).toBe(200)
    await expect.poll(provider.held, { timeout: 10_000 }).toBe(2)
    await site.processes[0]?.kill()

    const states = async () => Promise.all(people.map(async ({ stored }) => (await stored()).refresh))
    const isOver = async (): Promise<boolean> => {
      // Nobody notices anything: neither while the lease is still held, nor after.
      for (const person of people) expect(await statuses(person, [1, 2])).toEqual([200, 200])
      return (await states()).every((refresh) => refresh !== undefined && refresh.dueAt > Date.now())
    }
    await expect.poll(isOver, { timeout: 40_000, interval: 250 }).toBe(true)
    // One was renewed. The other's token was used up by the process that was killed, which a refusal does not blame on them.
    expect(provider.refreshes).toEqual({ granted: before.granted + 2, refused: before.refused + 1 })
    const kept = (await states()).filter((refresh) => refresh?.dueAt === refresh?.failsAt)
    expect(kept).toHaveLength(1)
    const grace = site.config.session.refreshGraceSeconds * 1_000
    expect(kept[0]?.failsAt).toBeGreaterThan(Date.now() + grace - 60_000)
    for (const person of people) expect((await site.visit(person, 2)).status).toBe(200)
  }, 90_000)
})
