import type { z } from 'zod'

import { ProviderError } from '../errors.ts'
import { refusal } from '../refusal.ts'
import { misfits, restRequest, type RestAnswer, type RestRequest } from '../rest.ts'
import type { Connection } from './schema.ts'
import { accessToken, forgetToken } from './token.ts'

/** More than any environment has: a page has 100 items and more. */
const MAX_PAGES = 1000

/**
 * The platform API of one environment; paths are relative to it, those with a leading slash to the whole API. Every method throws ProviderError `vendor_refused` for
 * an answer that refuses and `unreachable` for none, or for one that is not PingOne's.
 * @see https://developer.pingidentity.com/pingone-api/platform/
 */
export interface Api {
  /** @returns `gone` when there is no such thing */
  get<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | 'gone'>
  /**
   * Reads a collection to its end, page by page.
   * @param member where a page has its items
   * @see https://developer.pingidentity.com/pingone-api/platform/reference/paging-ordering-collections.html
   */
  list<Value>(path: string, member: string, schema: z.ZodType<Value>): Promise<Value[]>
  post<Value>(path: string, body: unknown, schema: z.ZodType<Value>): Promise<Value>
  put(path: string, body: unknown): Promise<void>
  /** What is gone already counts as deleted. */
  delete(path: string): Promise<void>
}

type Method = Exclude<RestRequest['method'], 'PATCH'>

const verbs: Record<Method, string> = {
  GET: 'read',
  POST: 'add to',
  PUT: 'change',
  DELETE: 'delete',
}

/**
 * @param signal ends every request
 * @param maxPages how many pages of a collection are read at most
 */
export function openApi(connection: Connection, signal: AbortSignal, maxPages = MAX_PAGES): Api {
  const root = `https://api.${connection.domain}/v1`
  const environment = `${root}/environments/${connection.environmentId}`
  const secrets = [connection.credentials.clientSecret]

  type Authorized = RestAnswer & { token: string }

  async function ask(method: Method, url: string, body: unknown): Promise<Authorized> {
    const token = await accessToken(connection, signal)
    const headers = { authorization: `Bearer ${token}` }
    const sent = body === undefined ? {} : { body }
    const answer = await restRequest({ method, url, headers, ...sent, signal, secrets: [...secrets, token] })
    return { ...answer, token }
  }

  async function send(method: Method, url: string, body?: unknown): Promise<Authorized> {
    const answer = await ask(method, url, body)
    if (answer.status !== 401) return answer
    // Revoked before its time, as when somebody changed the worker's roles or secret.
    forgetToken(answer.token)
    return ask(method, url, body)
  }

  function accept(method: Method, url: string, answer: Authorized): unknown {
    if (answer.status >= 200 && answer.status < 300) return answer.body
    throw refusal(verbs[method], url, answer, [...secrets, answer.token])
  }

  const urlOf = (path: string) => (path.startsWith('/') ? root : `${environment}/`) + path
  return {
    async get(path, schema) {
      const url = urlOf(path)
      const answer = await send('GET', url)
      return saysGone(answer) ? 'gone' : parse(url, schema, accept('GET', url, answer))
    },
    async list<Value>(path: string, member: string, schema: z.ZodType<Value>) {
      const items: Value[] = []
      let url: string | undefined = urlOf(path)
      for (let page = 0; url !== undefined; page += 1) {
        if (page === maxPages) throw unusable(url, `more than ${maxPages} pages`)
        const { body, next } = pageOf(url, accept('GET', url, await send('GET', url)), member)
        for (const item of body) items.push(parse(url, schema, item))
        url = next
      }
      return items
    },
    async post(path, body, schema) {
      const url = urlOf(path)
      return parse(url, schema, accept('POST', url, await send('POST', url, body)))
    },
    async put(path, body) {
      const url = urlOf(path)
      accept('PUT', url, await send('PUT', url, body))
    },
    async delete(path) {
      const url = urlOf(path)
      const answer = await send('DELETE', url)
      if (!saysGone(answer)) accept('DELETE', url, answer)
    },
  }
}

/** A 404 of PingOne itself; one of something on the way is no word about what is there. */
function saysGone({ status, body }: RestAnswer): boolean {
  return status === 404 && (body as { code?: unknown } | undefined)?.code === 'NOT_FOUND'
}

interface Page {
  _embedded?: Record<string, unknown>
  _links?: { next?: { href?: unknown } }
}

function pageOf(url: string, body: unknown, member: string): { body: unknown[]; next: string | undefined } {
  if (typeof body !== 'object' || body === null) throw unusable(url, 'no collection')
  const { _embedded: embedded, _links: links } = body as Page
  const items = embedded?.[member] ?? []
  if (!Array.isArray(items)) throw unusable(url, `no list of ${member}`)
  const next = links?.next?.href
  if (next === undefined) return { body: items, next: undefined }
  // The token goes where this leads.
  if (typeof next !== 'string' || URL.parse(next)?.origin !== new URL(url).origin) {
    throw unusable(url, 'a next page elsewhere')
  }
  return { body: items, next }
}

function parse<Value>(url: string, schema: z.ZodType<Value>, body: unknown): Value {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const fields = misfits(parsed.error)
  throw unusable(url, `an unusable ${fields}`)
}

function unusable(url: string, what: string): ProviderError {
  return new ProviderError('unreachable', `${url} answered with ${what}: is that PingOne?`)
}
