import { join } from 'node:path'

import type { Logger } from 'pino'

import type { RuntimeConfig } from '../config.ts'
import { oneLine } from '../program/index.ts'
import { type Changed, openPostgresStore, openSqliteStore, type Store } from '../store/index.ts'

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
  close(): Promise<void>
}

/** @param onChanged called when sessions ended or changed, here or at another replica */
export function createStores(dataFolder: string, log: Logger, onChanged: (changed: Changed) => void): Stores {
  const stores = new Map<string, Store>()
  const farewells = new Map<Store, NodeJS.Timeout>()
  const say = (error: unknown): void => log.error({ error: oneLine(error) }, 'The store has a problem')

  return {
    async open(config, secret) {
      const url = config.store === 'postgres' ? secret('database-url') : ''
      const found = stores.get(url)
      if (found) return found
      const store = url
        ? await openPostgresStore(url, { onError: say })
        : openSqliteStore(join(dataFolder, 'gateway.sqlite'))
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
          farewells.delete(store)
          store.close().catch(say)
        }, FAREWELL_MS)
        farewells.set(store, farewell.unref())
      }
    },
    async close() {
      for (const farewell of farewells.values()) clearTimeout(farewell)
      await Promise.all([...stores.values()].map((store) => store.close()))
    },
  }
}
