/** What a metric is, and how several processes' values of it become one. */
interface Definition {
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  labels: readonly string[]
  across: 'sum' | 'min'
}

/**
 * Every metric of our own. Labels have few values, known beforehand: ids of the configuration, classes and codes; never a
 * path, a host that a client wrote, an address or a person.
 */
export const CATALOGUE = {
  gatewright_requests_total: {
    type: 'counter',
    help: 'Requests that were answered or broken off.',
    labels: ['route', 'method', 'status'],
    across: 'sum',
  },
  gatewright_request_duration_seconds: {
    type: 'histogram',
    help: 'From a request’s head until its answer is out.',
    labels: ['route'],
    across: 'sum',
  },
  gatewright_requests_in_flight: {
    type: 'gauge',
    help: 'Requests that are not over.',
    labels: ['route'],
    across: 'sum',
  },
  gatewright_tunnels_open: { type: 'gauge', help: 'WebSockets that are open.', labels: ['route'], across: 'sum' },
  gatewright_upstream_failures_total: {
    type: 'counter',
    help: 'Requests that an upstream did not answer, or not in full.',
    labels: ['route', 'code'],
    across: 'sum',
  },
  gatewright_upstream_healthy: {
    type: 'gauge',
    help: 'Whether requests are sent to an upstream: 1 or 0.',
    labels: ['upstream'],
    across: 'min',
  },
  gatewright_sign_ins_total: {
    type: 'counter',
    help: 'Answers of identity providers to a sign-in.',
    labels: ['provider', 'outcome'],
    across: 'sum',
  },
  gatewright_refreshes_total: {
    type: 'counter',
    help: 'Attempts to renew the tokens of a session.',
    labels: ['provider', 'outcome'],
    across: 'sum',
  },
  gatewright_store_errors_total: {
    type: 'counter',
    help: 'Times that the store could not be used.',
    labels: [],
    across: 'sum',
  },
  gatewright_store_able: {
    type: 'gauge',
    help: 'Whether the store can be read, and written: 1 or 0.',
    labels: ['ability'],
    across: 'min',
  },
  gatewright_releases_total: {
    type: 'counter',
    help: 'Releases of the configuration that were offered.',
    labels: ['outcome'],
    across: 'sum',
  },
  gatewright_certificate_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'When a certificate that is shown to clients ends, in seconds since 1970.',
    labels: ['file'],
    across: 'min',
  },
  gatewright_workers: {
    type: 'gauge',
    help: 'Processes that answer requests.',
    labels: [],
    across: 'sum',
  },
  gatewright_worker_exits_total: {
    type: 'counter',
    help: 'Processes that ended without being asked to.',
    labels: [],
    across: 'sum',
  },
} as const satisfies Record<`gatewright_${string}`, Definition>

export type MetricName = keyof typeof CATALOGUE

/** Upper bounds of the histogram's buckets, in milliseconds. */
export const BUCKETS_MS: readonly number[] = [2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000]
