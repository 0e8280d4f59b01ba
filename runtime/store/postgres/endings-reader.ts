import { type Changed, MOST_CHANGED_AT_ONCE } from '../change-listeners.ts'
import type { Result, Statement } from '../sql/index.ts'
import { SCHEMA } from './migrations.ts'

/** Younger than what sweeping removes: a reader that was stopped for longer has missed something. */
const LONGEST_GAP_MS = 120_000

/**
 * Rows of one reading. There are that many only while a long transaction, of whoever uses the same server, keeps the horizon
 * where it is.
 */
const MOST_ROWS = 10_000

/** Reads endings that were not read before, whichever order their transactions end in. */
export interface EndingsReader {
  /** @returns `everything` after a gap, and the first time */
  read(run: (statement: Statement) => Promise<Result>): Promise<Changed>
  /** The next reading is the first again. */
  forget(): void
}

/**
 * All transactions below the horizon have ended, so that their endings were seen. Those above it are read again, and
 * what was told of them is remembered until they are below.
 */
export function createEndingsReader(): EndingsReader {
  let horizon: string | undefined
  let told: ReadonlySet<number> = new Set()
  let readAt = 0
  let forgotten = 0
  return {
    async read(run) {
      const now = Date.now()
      const known = forgotten
      const since = now - readAt > LONGEST_GAP_MS ? undefined : horizon
      const { rows } = await run(since === undefined ? PRESENT : readingFrom('$1::xid8', [since]))
      const endings = rows.filter((row) => row['seq'] !== null)
      const fresh = endings.filter((row) => !told.has(row['seq'] as number))
      readAt = now
      told = new Set(endings.map((row) => row['seq'] as number))
      // Whoever said "forget" meanwhile is told of everything by the next reading, and so is who cannot know what was told.
      const begins = known !== forgotten || endings.length > MOST_ROWS
      horizon = begins ? undefined : (rows[0]?.['horizon'] as string)
      if (since === undefined || fresh.length > MOST_CHANGED_AT_ONCE) return 'everything'
      return fresh.map((row) => row['session_id'] as string)
    },
    forget() {
      forgotten += 1
      horizon = undefined
    },
  }
}

const HORIZON = 'pg_snapshot_xmin(pg_current_snapshot())'

/** The horizon as the same snapshot has it that the endings are read in. */
function readingFrom(horizon: string, values: Statement['values']): Statement {
  return {
    sql: `SELECT ${HORIZON}::text AS horizon, ending.seq, ending.session_id
          FROM (SELECT) AS one LEFT JOIN (
            SELECT seq, session_id FROM ${SCHEMA}.endings WHERE transaction >= ${horizon} ORDER BY seq LIMIT ${MOST_ROWS + 1}
          ) AS ending ON true`,
    values,
  }
}

const PRESENT = readingFrom(HORIZON, [])
