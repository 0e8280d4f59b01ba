import type { Answered } from '../server.ts'

/**
 * An error as Okta's APIs give it.
 * @see https://developer.okta.com/docs/reference/error-codes/
 */
export function failure(status: number, errorCode: string, errorSummary: string, causes: string[] = []): Answered {
  const errorCauses = causes.map((cause) => ({ errorSummary: cause }))
  return { status, body: { errorCode, errorSummary, errorLink: errorCode, errorId: 'oaeEmulated', errorCauses } }
}

export function notFound(what: string): Answered {
  return failure(404, 'E0000007', `Not found: Resource not found: ${what}`)
}

export function invalid(field: string, cause: string): Answered {
  return failure(400, 'E0000001', `Api validation failed: ${field}`, [`${field}: ${cause}`])
}

/** Too many requests in this minute; the bucket is filled again at `reset`, in seconds since 1970. */
export function tooManyRequests(reset: number): Answered {
  return {
    ...failure(429, 'E0000047', 'API call exceeded rate limit due to too many requests.'),
    headers: { 'x-rate-limit-limit': '600', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': `${reset}` },
  }
}

/** How many entries a page has here, whatever is asked for, so that every list has several. */
const PAGE = 2

/** A page of a list, with the Link header (RFC 8288) that leads to the next one. */
export function page(url: URL, entries: readonly object[]): Answered {
  const after = Number(url.searchParams.get('after') ?? '0')
  const links = [`<${url.href}>; rel="self"`]
  if (after + PAGE < entries.length) {
    const next = new URL(url)
    next.searchParams.set('after', `${after + PAGE}`)
    links.push(`<${next.href}>; rel="next"`)
  }
  return { headers: { link: links.join(', ') }, body: entries.slice(after, after + PAGE) }
}
