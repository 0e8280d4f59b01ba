import { BUCKETS_MS } from './catalogue.ts'

/** Methods with a name of their own; all others are `other`. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'] as const
const OTHER = METHODS.length - 1

/** `cut`: the client left, or was left, before an answer had begun. */
export const STATUS_CLASSES = ['cut', '1xx', '2xx', '3xx', '4xx', '5xx'] as const

/**
 * What happens at one route, counted in plain memory: a request costs two additions, and all else is done when somebody
 * reads.
 */
export class RequestMetrics {
  inFlight = 0
  tunnels = 0
  /** Requests by method and class; made at the first one, since most of many routes lie idle. */
  counts: Float64Array | undefined
  /** Requests by duration, each in its smallest bucket; the last one has those above all bounds. */
  durations: Float64Array | undefined
  totalMs = 0

  /** A request has begun; `done` must follow, once. */
  begin(): void {
    this.inFlight += 1
  }

  /**
   * A request is over.
   * @param method as the client wrote it
   * @param status of the answer; 0 where none had begun
   * @param ms since `begin`, in milliseconds
   */
  done(method: string, status: number, ms: number): void {
    this.inFlight -= 1
    this.totalMs += ms
    const counts = (this.counts ??= new Float64Array(METHODS.length * STATUS_CLASSES.length))
    const durations = (this.durations ??= new Float64Array(BUCKETS_MS.length + 1))
    const statusClass = status >= 100 && status < 600 ? Math.trunc(status / 100) : 0
    increment(counts, methodIndex(method) * STATUS_CLASSES.length + statusClass)
    let bucket = 0
    while (bucket < BUCKETS_MS.length && ms > (BUCKETS_MS[bucket] ?? 0)) bucket += 1
    increment(durations, bucket)
  }

  tunnelOpened(): void {
    this.tunnels += 1
  }

  tunnelClosed(): void {
    this.tunnels -= 1
  }
}

function increment(values: Float64Array, index: number): void {
  values[index] = (values[index] ?? 0) + 1
}

function methodIndex(method: string): number {
  switch (method) {
    case 'GET':
      return 0
    case 'HEAD':
      return 1
    case 'POST':
      return 2
    case 'PUT':
      return 3
    case 'PATCH':
      return 4
    case 'DELETE':
      return 5
    case 'OPTIONS':
      return 6
    default:
      return OTHER
  }
}
