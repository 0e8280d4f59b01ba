import type { Answered, Handler } from '../server.ts'
import { actionEndpoints } from './actions.ts'
import { failure, parseBody } from './answers.ts'
import { clientEndpoints } from './clients.ts'
import { grantEndpoints } from './grants.ts'
import { peopleEndpoints } from './people.ts'
import type { Tenant } from './tenant.ts'

/** One call of the Management API, authenticated and allowed. */
export interface Call {
  tenant: Tenant
  /** What the path names; empty in a list. */
  id: string
  query: URLSearchParams
  body: Record<string, unknown>
  /** Of the caller. */
  scopes: readonly string[]
}

/** One operation of the Management API. */
export interface Endpoint {
  method: string
  /** Under `/api/v2/`; the first group is the id. */
  path: RegExp
  scope: string
  answer(call: Call): Answered
}

const endpoints = [...clientEndpoints, ...grantEndpoints, ...actionEndpoints, ...peopleEndpoints]

/** The Management API of a tenant: bearer tokens, scopes, and rate limit headers in every answer. */
export function manage(tenant: Tenant): Handler {
  return ({ method, url, headers, body }) => {
    const [, path] = /^\/api\/v2\/(.+)$/.exec(url.pathname) ?? []
    if (path === undefined || url.origin !== tenant.origin) return undefined
    const scopes = tenant.tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '')
    if (!scopes) return failure(401, 'Unauthorized', 'Invalid token')
    for (const endpoint of endpoints) {
      const match = endpoint.path.exec(path)
      if (!match || endpoint.method !== method) continue
      if (!scopes.includes(endpoint.scope)) return insufficient(endpoint.scope)
      const id = decodeURIComponent(match[1] ?? '')
      const answered = endpoint.answer({ tenant, id, query: url.searchParams, body: parseBody(body), scopes })
      return { ...answered, headers: { ...answered.headers, ...rateLimit(49) } }
    }
    return failure(404, 'Not Found', 'Not Found')
  }
}

/** What a tenant says that has been asked too often. @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy */
export function tooManyRequests(): Answered {
  const refused = failure(429, 'Too Many Requests', 'Global limit has been reached', 'too_many_requests')
  return { ...refused, headers: rateLimit(0) }
}

function rateLimit(remaining: number): Record<string, string> {
  const reset = String(Math.ceil(Date.now() / 1000) + 1)
  return { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': reset }
}

function insufficient(scope: string): Answered {
  return failure(403, 'Forbidden', `Insufficient scope, expected any of: ${scope}`, 'insufficient_scope')
}
