import { join } from 'node:path'

import type { Logger } from 'pino'

import type { RuntimeConfig } from '../config.ts'
import { oneLine } from '../program/index.ts'
import {
  type Ability,
  type Changed,
  openPostgresStore,
  openSqliteStore,
  type OutageEvent,
  type Store,
} from '../store/index.ts'
import { outageLine } from './store-outages.ts'

/** How long requests that began with a store may still use it once another is in force, in milliseconds. */
const FAREWELL_MS = 10_000

/** Stores outlive a release that still names them. */
export interface Stores {
  /**
   * Opens the store that a release names, or gives the one that is open.
   * @param secret finds a secret by its name
   * @throws StoreError when it cannot be opened
   */
  open(config: Pick<RuntimeConfig, 'store'>, secret: (name: string) => string): Promise<Store>
  /** Closes all others, once requests that use them have had time to end. */
  keepOnly(store: Store): void
  /** Of the open stores, what they are able to do at the moment: 1, or 0 from the first failure until it works again. */
  abilities(): Readonly<Record<Ability, 0 | 1>>
  close(): Promise<void>
}

/** @param onChanged called when sessions ended or changed, here or at another replica */
export function createStores(dataFolder: string, log: Logger, onChanged: (changed: Changed) => void): Stores {
  const stores = new Map<string, Store>()
  const farewells = new Map<Store, NodeJS.Timeout>()
  const failing = new Map<string, Set<Ability>>()
  const say = (error: unknown): void => log.error({ error: oneLine(error) }, 'The store has a problem')

  return {
    async open(config, secret) {
      const url = config.store === 'postgres' ? secret('database-url') : ''
      const found = stores.get(url)
      if (found) return found
      const unable = new Set<Ability>()
      const onOutage = (event: OutageEvent): void => {
        if (event.kind === 'began') unable.add(event.ability)
        else unable.delete(event.ability)
        const { level, fields, text } = outageLine(event)
        log[level](fields, text)
      }
      const store = url
        ? await openPostgresStore(url, { onError: say, onOutage })
        : openSqliteStore(join(dataFolder, 'gateway.sqlite'), onOutage)
      failing.set(url, unable)
      store.onChanged(onChanged)
      stores.set(url, store)
      return store
    },
    keepOnly(kept) {
      clearTimeout(farewells.get(kept))
      farewells.delete(kept)
      for (const [url, store] of stores) {
        if (store === kept || farewells.has(store)) continue
        const farewell = setTimeout(() => {
          stores.delete(url)
          failing.delete(url)
          farewells.delete(store)
          store.close().catch(say)
        }, FAREWELL_MS)
        farewells.set(store, farewell.unref())
      }
    },
    abilities() {
      const of = (ability: Ability): 0 | 1 => ([...failing.values()].some((unable) => unable.has(ability)) ? 0 : 1)
      return { read: of('read'), write: of('write') }
    },
    async close() {
      for (const farewell of farewells.values()) clearTimeout(farewell)
      await Promise.all([...stores.values()].map((store) => store.close()))
    },
  }
}
