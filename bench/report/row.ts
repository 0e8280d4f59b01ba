/** One line of the table and of `bench/results.json`; null where a measurement has no such figure. */
export interface Row {
  name: string
  /** Connections at one time. */
  concurrency: number
  /** Processor time of the proxy and its children, for each request. */
  cpuMicrosPerRequest: number | null
  requestsPerSecond: number | null
  p50Ms: number | null
  p99Ms: number | null
  /** Of the proxy and its children, after the load; for long streams the highest during it. */
  rssMiB: number | null
}

/** What `bench/results.json` is. */
export interface Results {
  /** ISO 8601, the day. */
  date: string
  machine: string
  rows: Row[]
}

/** The middle of what was measured, the mean of the two middle ones. @throws RangeError when nothing was */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const low = sorted[(sorted.length - 1) >> 1]
  const high = sorted[sorted.length >> 1]
  if (low === undefined || high === undefined) throw new RangeError('nothing was measured')
  return (low + high) / 2
}

/** A figure with as many decimals as it deserves: three digits, and never fewer than the whole number has. */
export function rounded(value: number): number {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return Number(value.toFixed(decimals))
}
