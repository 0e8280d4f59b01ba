import type { Store } from '../../../../runtime/store/index.ts'
import type { Statement } from '../../../../runtime/store/sql/index.ts'

/** An empty database with a store on it. */
export interface Fixture {
  store: Store
  /** A second, third… store on the same database, as another replica has it; closed by `remove`. */
  another: () => Promise<Store>
  /** What stands in front of a table's name. */
  schema: string
  /** Runs SQL past the store, as an operator may. */
  ask: (sql: string, values?: readonly (string | number | null)[]) => Promise<Record<string, unknown>[]>
  /** How the engine would go about a statement: the lines of its plan, with the statistics that it would have. */
  explain: (statement: Statement) => Promise<string[]>
  remove: () => Promise<void>
}
