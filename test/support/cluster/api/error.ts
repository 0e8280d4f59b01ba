/** An answer of the API server that is not a success: its own words, status and reason. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number
  /** Kubernetes' word for it: `NotFound`, `Conflict`, `Forbidden`, `Invalid`… */
  readonly reason: string

  constructor(what: string, status: number, body: unknown) {
    const { reason, message } = typeof body === 'object' && body !== null ? (body as Partial<Answer>) : {}
    super(`${what}: ${status} ${reason ?? ''} ${message ?? ''}`.trim())
    this.name = 'ApiError'
    this.status = status
    this.reason = reason ?? 'Unknown'
  }
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
interface Answer {
  reason: string
  message: string
}

/** Whether a fault says that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404
}

/** Whether a fault says that somebody else changed the object, or had made it, before. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409
}
