import { AggregatorRegistry, Registry } from 'prom-client'

import type { Family } from './samples.ts'

/** Types that only grow, and of which a process that has ended must not take its part away. */
const GROWING = new Set(['counter', 'histogram'])

/**
 * Writes the values of one or several processes as one text.
 * @param snapshots what `Metrics.snapshot` gave in each
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export async function renderMetrics(snapshots: readonly Family[][]): Promise<{ contentType: string; text: string }> {
  const text = await AggregatorRegistry.aggregate([...snapshots]).metrics()
  return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text }
}

/**
 * Adds what a process has counted that has ended, so that sums never fall, which would look like a restart of all.
 * @param former what was kept of others before
 * @param last the process's last values
 */
export async function keepGrowing(former: Family[], last: readonly Family[]): Promise<Family[]> {
  const growing = last.filter(({ type }) => GROWING.has(String(type)))
  return AggregatorRegistry.aggregate([former, growing]).getMetricsAsJSON()
}
