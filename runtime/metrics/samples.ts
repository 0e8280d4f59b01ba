import type { MetricObjectWithValues, MetricType, MetricValue } from 'prom-client'

import { BUCKETS_MS, CATALOGUE, type MetricName } from './catalogue.ts'
import { METHODS, type RequestMetrics, STATUS_CLASSES } from './request-metrics.ts'

/** One metric with its values, as it travels between processes. */
export type Family = MetricObjectWithValues<MetricValue<string>>

type Value = { labels: Record<string, string>; value: number; metricName?: string }

/** @param values with the labels that the catalogue names */
export function family(name: MetricName, values: Value[]): Family {
  const { help, type, across } = CATALOGUE[name]
  // By its types the package's enum has numbers; at run time it has these names.
  return { name, help, type: type as unknown as MetricType, aggregator: across, values } as Family
}

type Routes = ReadonlyMap<string, RequestMetrics>

/** The families about requests; what has never happened is left out. */
export function requestFamilies(routes: Routes): Family[] {
  const seen = [...routes].filter(([, { counts, inFlight }]) => counts !== undefined || inFlight > 0)
  const tunnelled = [...routes].filter(([, { tunnels }]) => tunnels > 0)
  return [
    family('gatewright_requests_total', seen.flatMap(countValues)),
    family('gatewright_request_duration_seconds', seen.flatMap(durationValues)),
    family(
      'gatewright_requests_in_flight',
      seen.map(([route, { inFlight }]) => ({ labels: { route }, value: inFlight })),
    ),
    family(
      'gatewright_tunnels_open',
      tunnelled.map(([route, { tunnels }]) => ({ labels: { route }, value: tunnels })),
    ),
  ]
}

function countValues([route, { counts }]: [string, RequestMetrics]): Value[] {
  return Array.from(counts ?? []).flatMap((value, index) => {
    const method = METHODS[Math.trunc(index / STATUS_CLASSES.length)] ?? ''
    const status = STATUS_CLASSES[index % STATUS_CLASSES.length] ?? ''
    return value === 0 ? [] : [{ labels: { route, method, status }, value }]
  })
}

/** Buckets hold all that is below their bound (Prometheus' text format, "Histograms and summaries"). */
function durationValues([route, { durations, totalMs }]: [string, RequestMetrics]): Value[] {
  if (durations === undefined) return []
  const name = 'gatewright_request_duration_seconds'
  let below = 0
  const buckets = Array.from(durations).map((count, index): Value => {
    below += count
    const bound = BUCKETS_MS[index]
    const le = bound === undefined ? '+Inf' : String(bound / 1_000)
    return { metricName: `${name}_bucket`, labels: { le, route }, value: below }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: { route }, value: totalMs / 1_000 },
    { metricName: `${name}_count`, labels: { route }, value: below },
  ]
}
