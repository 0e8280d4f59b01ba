import type { Row } from './row.ts'

/** What is measured against, by the names of rows and the figure that counts. */
interface Target {
  what: string
  /** At most this. */
  limit: number
  unit: '×' | 'MiB'
  measure: (find: Find) => number | undefined
}

/** A figure of a row; undefined where it was not measured. */
type Find = (name: string, concurrency: number, figure: keyof Row) => number | undefined

/** A target, what was measured, and whether it was held. */
export interface Verdict {
  what: string
  limit: string
  /** Empty where it was not measured. */
  measured: string
  outcome: 'held' | 'not held' | 'not measured'
}

/** Names of rows that targets speak of. */
export const NAMES = {
  tenRoutes: 'gatewright, 10 routes',
  manyRoutes: 'gatewright, 10,000 routes',
  oneSession: 'gatewright, 1 session',
  manySessions: 'gatewright, 100,000 sessions',
  firstRequests: 'gatewright, first requests',
  noSockets: 'gatewright, before WebSockets',
  sockets: 'gatewright, 1,000 idle WebSockets',
  beforeStreams: 'gatewright, before streams',
  download: 'gatewright, 2 GB download',
  upload: 'gatewright, 2 GB upload',
  coldStart: 'gatewright, cold start',
} as const

/** What follows a contender's name where all are sent the same. */
export const AT_ONE_RATE = ', at one rate'

const FULL = 64
const MB = 1_000_000 / 1_024 ** 2

const ratio = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined || b === 0 ? undefined : a / b
const above = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : Math.max(0, a - b)

const TARGETS: readonly Target[] = [
  {
    what: 'CPU per request against nginx',
    limit: 3,
    unit: '×',
    measure: (find) =>
      ratio(find('gatewright', FULL, 'cpuMicrosPerRequest'), find('nginx', FULL, 'cpuMicrosPerRequest')),
  },
  {
    what: 'CPU per request against mod_auth_openidc',
    limit: 0.35,
    unit: '×',
    measure: (find) =>
      ratio(find('gatewright', FULL, 'cpuMicrosPerRequest'), find('mod_auth_openidc', FULL, 'cpuMicrosPerRequest')),
  },
  {
    what: 'p99 against HAProxy, each sent as much as it can take',
    limit: 2,
    unit: '×',
    measure: (find) => ratio(find('gatewright', FULL, 'p99Ms'), find('HAProxy', FULL, 'p99Ms')),
  },
  {
    what: 'p99 against HAProxy, both sent the same',
    limit: 2,
    unit: '×',
    measure: (find) =>
      ratio(find(`gatewright${AT_ONE_RATE}`, FULL, 'p99Ms'), find(`HAProxy${AT_ONE_RATE}`, FULL, 'p99Ms')),
  },
  {
    what: 'CPU per request with 10,000 routes against 10',
    limit: 1.1,
    unit: '×',
    measure: (find) =>
      ratio(find(NAMES.manyRoutes, FULL, 'cpuMicrosPerRequest'), find(NAMES.tenRoutes, FULL, 'cpuMicrosPerRequest')),
  },
  {
    what: 'CPU per request with 100,000 sessions against one',
    limit: 1.1,
    unit: '×',
    measure: (find) =>
      ratio(find(NAMES.manySessions, FULL, 'cpuMicrosPerRequest'), find(NAMES.oneSession, FULL, 'cpuMicrosPerRequest')),
  },
  {
    what: 'memory with 100,000 sessions',
    limit: 250 * MB,
    unit: 'MiB',
    measure: (find) => find(NAMES.manySessions, FULL, 'rssMiB'),
  },
  {
    what: 'memory of 1,000 idle WebSockets',
    limit: 60 * MB,
    unit: 'MiB',
    measure: (find) => above(find(NAMES.sockets, 1_000, 'rssMiB'), find(NAMES.noSockets, 0, 'rssMiB')),
  },
  ...([NAMES.download, NAMES.upload] as const).map((name): Target => ({
    what: `memory that a ${name.replace('gatewright, ', '')} adds at its highest`,
    // A twentieth of what passes through: V8's young generation and the buffers that it has not collected yet.
    limit: 100,
    unit: 'MiB',
    measure: (find) => above(find(name, 1, 'rssMiB'), find(NAMES.beforeStreams, 0, 'rssMiB')),
  })),
]

/** Holds what was measured against the targets, figures of one run only. */
export function judge(rows: readonly Row[]): Verdict[] {
  const find: Find = (name, concurrency, figure) => {
    const value = rows.find((row) => row.name === name && row.concurrency === concurrency)?.[figure]
    return typeof value === 'number' ? value : undefined
  }
  return TARGETS.map(({ what, limit, unit, measure }) => {
    const measured = measure(find)
    const outcome = measured === undefined ? 'not measured' : measured <= limit ? 'held' : 'not held'
    return { what, limit: spell(limit, unit), measured: measured === undefined ? '' : spell(measured, unit), outcome }
  })
}

function spell(value: number, unit: Target['unit']): string {
  return unit === '×' ? `${value.toFixed(2)}×` : `${value.toFixed(0)} MiB`
}
