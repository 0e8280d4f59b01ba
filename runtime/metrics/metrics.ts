import { collectDefaultMetrics, Registry } from 'prom-client'

import type { MetricName } from './catalogue.ts'
import { LabelledCounts } from './labelled-counts.ts'
import { RequestMetrics } from './request-metrics.ts'
import { type Family, family, requestFamilies } from './samples.ts'

/** Where requests are counted that reach no route; ids of routes begin with a letter. */
export const OWN_PAGES = '_own'
export const NO_ROUTE = '_none'

/** Read at the moment that somebody asks. */
export interface Gauges {
  certificates?: () => readonly { file: string; expiresAt: number }[]
  upstreams?: () => readonly { origin: string; healthy: boolean }[]
  /** Whether it can be read and written: 1 or 0. */
  store?: () => Readonly<Record<'read' | 'write', 0 | 1>>
  /** Processes that answer requests. */
  workers?: () => number
}

/** What this process counts. It outlives releases. */
export interface Metrics {
  /**
   * The counters of a route, the same for as long as it is kept: asked for once per release, used per request.
   * @param id of the route, `OWN_PAGES` or `NO_ROUTE`
   */
  route(id: string): RequestMetrics
  /** Forgets all routes but these, so that what is counted stays bounded; requests under way may still finish. */
  keepRoutes(ids: ReadonlySet<string>): void
  upstreamFailed(route: string, code: string): void
  /** @param outcome `signed_in`, or the code of the refusal */
  signIn(provider: string, outcome: string): void
  refreshed(provider: string, outcome: string): void
  storeFailed(): void
  release(outcome: 'applied' | 'refused'): void
  workerExited(): void
  /** Adds what is read at the moment; a name that is there already is replaced. */
  watch(gauges: Gauges): void
  /** All values now, for `renderMetrics` of this process or another. */
  snapshot(): Promise<Family[]>
  /** Stops what measures the process. */
  close(): void
}

/** Makes the counters of this process, with those of Node itself: CPU, memory, event loop, garbage collection. */
export function createMetrics(): Metrics {
  const routes = new Map<string, RequestMetrics>()
  const counts = new Map<MetricName, LabelledCounts>()
  const countsOf = (name: MetricName): LabelledCounts => {
    const found = counts.get(name) ?? new LabelledCounts(name)
    counts.set(name, found)
    return found
  }
  for (const name of SELDOM) countsOf(name)
  const watched: Gauges = {}
  const node = new Registry()
  collectDefaultMetrics({ register: node })
  return {
    route(id) {
      const found = routes.get(id) ?? new RequestMetrics()
      routes.set(id, found)
      return found
    },
    keepRoutes(ids) {
      for (const id of routes.keys()) if (!ids.has(id) && id !== OWN_PAGES && id !== NO_ROUTE) routes.delete(id)
    },
    upstreamFailed: (route, code) => countsOf('gatewright_upstream_failures_total').add([route, code]),
    signIn: (provider, outcome) => countsOf('gatewright_sign_ins_total').add([provider, outcome]),
    refreshed: (provider, outcome) => countsOf('gatewright_refreshes_total').add([provider, outcome]),
    storeFailed: () => countsOf('gatewright_store_errors_total').add([]),
    release: (outcome) => countsOf('gatewright_releases_total').add([outcome]),
    workerExited: () => countsOf('gatewright_worker_exits_total').add([]),
    watch: (gauges) => void Object.assign(watched, gauges),
    async snapshot() {
      const own = [...counts.values()].map((count) => count.family())
      return [...requestFamilies(routes), ...own, ...gaugeFamilies(watched), ...(await nodeFamilies(node))]
    },
    close: () => node.clear(),
  }
}

const SELDOM = [
  'gatewright_upstream_failures_total',
  'gatewright_sign_ins_total',
  'gatewright_refreshes_total',
  'gatewright_store_errors_total',
  'gatewright_releases_total',
  'gatewright_worker_exits_total',
] as const satisfies MetricName[]

/** A mean of nothing yet is no number, and the package misspells that. */
async function nodeFamilies(node: Registry): Promise<Family[]> {
  const families = await node.getMetricsAsJSON()
  return families.map((one) => ({ ...one, values: one.values.filter(({ value }) => !Number.isNaN(value)) }))
}

function gaugeFamilies({ certificates, store, upstreams, workers }: Gauges): Family[] {
  const families: Family[] = []
  if (workers) families.push(family('gatewright_workers', [{ labels: {}, value: workers() }]))
  if (store) {
    const values = Object.entries(store()).map(([ability, value]) => ({ labels: { ability }, value }))
    families.push(family('gatewright_store_able', values))
  }
  if (certificates) {
    const values = certificates().map(({ file, expiresAt }) => ({ labels: { file }, value: expiresAt / 1_000 }))
    families.push(family('gatewright_certificate_expiry_timestamp_seconds', values))
  }
  if (upstreams) {
    const values = upstreams().map(({ origin, healthy }) => ({
      labels: { upstream: origin },
      value: healthy ? 1 : 0,
    }))
    families.push(family('gatewright_upstream_healthy', values))
  }
  return families
}
