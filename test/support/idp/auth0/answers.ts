import type { Answered } from '../server.ts'

/** Errors of the Management API. @see https://auth0.com/docs/api/management/v2 */
export function invalidBody(message: string): Answered {
  return failure(400, 'Bad Request', `Payload validation error: ${message}`, 'invalid_body')
}

export function notFound(message: string, errorCode?: string): Answered {
  return failure(404, 'Not Found', message, errorCode)
}

export function conflict(message: string): Answered {
  return failure(409, 'Conflict', message, 'conflict')
}

export function failure(statusCode: number, error: string, message: string, errorCode?: string): Answered {
  return { status: statusCode, body: { statusCode, error, message, ...(errorCode ? { errorCode } : {}) } }
}

/** Small, so that paging is met with a handful of things. */
const MAX_PER_PAGE = 2

/**
 * One page of a list, as `include_totals=true` gives it.
 * @param name of the list in the answer
 */
export function page(name: string, all: readonly unknown[], query: URLSearchParams): Answered {
  const limit = Math.min(Number(query.get('per_page') ?? 50), MAX_PER_PAGE)
  const start = Number(query.get('page') ?? 0) * limit
  const items = all.slice(start, start + limit)
  if (query.get('include_totals') !== 'true') return { body: items }
  return { body: { [name]: items, start, limit, length: items.length, total: all.length } }
}

/** Body of a request; what is no JSON object counts as empty, which no endpoint takes. */
export function parseBody(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
