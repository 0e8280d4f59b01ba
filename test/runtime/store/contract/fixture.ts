import type { Store } from '../../../../runtime/store/index.ts'

/** An empty database with a store on it. */
export interface Fixture {
  store: Store
  /** A second, third… store on the same database, as another replica has it; closed by `remove`. */
  another: () => Promise<Store>
  remove: () => Promise<void>
}
