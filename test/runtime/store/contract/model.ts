import fc from 'fast-check'
import { expect, it } from 'vitest'

import {
  type HandOver,
  type HostSession,
  isStoreError,
  type Session,
  type Store,
  StoreError,
} from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { handOver, hostSession, session } from './records.ts'

const IDS = ['a', 'b', '’; DROP TABLE sessions; --', '%_\\']
const id = fc.constantFrom(...IDS)
const time = fc.integer({ min: 0, max: 6 }).map((hours) => hours * 3_600_000)
const name = fc.string({ unit: 'binary', maxLength: 12 })
const holder = fc.constantFrom('x', 'y')

type Command = (store: Pick<Store, keyof Model>) => Promise<unknown>
type Model = ReturnType<typeof createModel>

const command: fc.Arbitrary<{ text: string; run: Command }> = fc.oneof(
  step(
    'insertSession',
    [id, fc.option(id, { nil: undefined }), name, time, time],
    (store, [own, replaced, person, seenAt, expiresAt]) =>
      store.insertSession(
        { ...session, id: own, subject: own, person: { ...session.person, name: person }, seenAt, expiresAt },
        replaced,
      ),
  ),
  step('touchSessions', [fc.array(id), time], (store, values) => store.touchSessions(...values)),
  step('updateSession', [id, fc.integer({ min: 1, max: 3 }), name], (store, [own, version, acr]) =>
    store.updateSession(own, version, { authentication: { time: 1, acr, amr: [] }, refresh: undefined }),
  ),
  step('deleteSession', [id], (store, values) => store.deleteSession(...values)),
  step('deleteSessionsOf', [id], (store, [subject]) => store.deleteSessionsOf(session.issuer, { subject })),
  step('insertHostSession', [id, id, fc.option(time, { nil: undefined })], (store, [own, parentId, expiresAt]) =>
    store.insertHostSession({ ...hostSession, id: own, parentId, expiresAt }),
  ),
  step('deleteHostSession', [id], (store, values) => store.deleteHostSession(...values)),
  step('insertHandOver', [id, time], (store, [own, expiresAt]) =>
    store.insertHandOver({ ...handOver, id: own, expiresAt }),
  ),
  step('takeHandOver', [id, time], (store, values) => store.takeHandOver(...values)),
  step('holdLease', [id, holder, time, time], (store, values) => store.holdLease(...values)),
  step('releaseLease', [id, holder], (store, values) => store.releaseLease(...values)),
  step('countEvent', [id, fc.constantFrom(3_600_000, 7_200_000), time], (store, values) => store.countEvent(...values)),
  step('useOnce', [id, time], (store, values) => store.useOnce(...values)),
  step('removeExpired', [time, time], (store, values) => store.removeExpired(...values)),
  step('findSession', [id], (store, values) => store.findSession(...values)),
  step('findHostSession', [id], (store, values) => store.findHostSession(...values)),
)

function step<T extends unknown[]>(
  text: string,
  values: { [Index in keyof T]: fc.Arbitrary<T[Index]> },
  run: (store: Pick<Store, keyof Model>, values: T) => Promise<unknown>,
): fc.Arbitrary<{ text: string; run: Command }> {
  return fc
    .tuple(...values)
    .map((given) => ({ text: `${text} ${JSON.stringify(given)}`, run: (store) => run(store, given as T) }))
}

/** Whatever is done in whatever order, a store and a few maps say the same. */
export function describeModel(fixture: () => Fixture): void {
  it('answers as a model in memory does', async () => {
    const { store } = fixture()
    await fc.assert(
      fc
        .asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
          const model = createModel()
          for (const { text, run } of commands)
            expect(await outcome(run(store)), text).toEqual(await outcome(run(model)))
        })
        .beforeEach(() => empty(store)),
      { numRuns: 40, seed: 20_261_122 },
    )
  })
}

async function outcome(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (error) {
    return isStoreError(error) ? 'store error' : error
  }
}

async function empty(store: Store): Promise<void> {
  await store.removeExpired(Number.MAX_SAFE_INTEGER, 0)
}

function duplicate(): StoreError {
  return new StoreError('store_failed', 'duplicate')
}

function createModel() {
  const sessions = new Map<string, Session>()
  const hosts = new Map<string, HostSession>()
  const handOvers = new Map<string, HandOver>()
  const leases = new Map<string, { holder: string; until: number }>()
  const counts = new Map<string, { events: number; until: number }>()
  const used = new Map<string, number>()

  function insert<T extends { id: string }>(map: Map<string, T>, value: T): void {
    if (map.has(value.id)) throw duplicate()
    map.set(value.id, value)
  }
  function end(own: string): void {
    sessions.delete(own)
    for (const host of hosts.values()) if (host.parentId === own) hosts.delete(host.id)
  }
  const model = {
    async insertSession(value: Session, replaced?: string) {
      if (sessions.has(value.id) && replaced !== value.id) throw duplicate()
      if (replaced !== undefined) end(replaced)
      sessions.set(value.id, value)
      return true
    },
    async touchSessions(ids: readonly string[], seenAt: number) {
      for (const own of ids) {
        const found = sessions.get(own)
        if (found && found.seenAt < seenAt) sessions.set(own, { ...found, seenAt })
      }
    },
    async updateSession(own: string, version: number, change: Partial<Session>) {
      const found = sessions.get(own)
      if (found?.version !== version) return false
      sessions.set(own, { ...found, ...change, version: version + 1 })
      return true
    },
    deleteSession: async (own: string) => end(own),
    async deleteSessionsOf(_issuer: string, who: { sid: string } | { subject: string }) {
      const meant = [...sessions.values()].filter(({ subject }) => 'subject' in who && subject === who.subject)
      for (const one of meant) end(one.id)
      return meant.length
    },
    async insertHostSession(value: HostSession) {
      if (!sessions.has(value.parentId)) return false
      insert(hosts, value)
      return true
    },
    async deleteHostSession(own: string) {
      hosts.delete(own)
    },
    insertHandOver: async (value: HandOver) => insert(handOvers, value),
    async takeHandOver(own: string, now: number) {
      const found = handOvers.get(own)
      handOvers.delete(own)
      return found && found.expiresAt > now ? found : undefined
    },
    async holdLease(own: string, by: string, now: number, until: number) {
      const held = leases.get(own)
      if (held && held.holder !== by && held.until > now) return false
      leases.set(own, { holder: by, until })
      return true
    },
    async releaseLease(own: string, by: string) {
      if (leases.get(own)?.holder === by) leases.delete(own)
    },
    async countEvent(key: string, windowMs: number, now: number) {
      const start = now - (now % windowMs)
      const window = `${key} ${windowMs} ${start}`
      const events = (counts.get(window)?.events ?? 0) + 1
      counts.set(window, { events, until: start + windowMs })
      return events
    },
    async useOnce(own: string, expiresAt: number) {
      if (used.has(own)) return false
      used.set(own, expiresAt)
      return true
    },
    async removeExpired(now: number, idleSince: number) {
      for (const one of sessions.values()) if (one.expiresAt <= now || one.seenAt <= idleSince) end(one.id)
      for (const one of hosts.values()) if (one.expiresAt !== undefined && one.expiresAt <= now) hosts.delete(one.id)
      for (const one of handOvers.values()) if (one.expiresAt <= now) handOvers.delete(one.id)
      for (const [key, { until }] of leases) if (until <= now) leases.delete(key)
      for (const [key, { until }] of counts) if (until <= now) counts.delete(key)
      for (const [key, expiresAt] of used) if (expiresAt <= now) used.delete(key)
    },
    findSession: async (own: string) => sessions.get(own),
    async findHostSession(own: string) {
      const found = hosts.get(own)
      const parent = found && sessions.get(found.parentId)
      return found && parent && { hostSession: found, session: parent }
    },
  } satisfies Partial<Store>
  return model
}
