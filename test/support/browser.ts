import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

import { CookieJar } from 'tough-cookie'

import { loopbackLookup } from '../../runtime/net/index.ts'
import { requireNoTokens } from './issued-tokens.ts'

/** An answer with where it came from. */
export interface Page {
  url: string
  status: number
  headers: Headers
  text: string
}

export interface RequestOptions {
  method?: string
  headers?: Record<string, string>
  body?: string
  /** How many redirects to follow; 0 shows the first answer. */
  redirects?: number
}

/** Keeps cookies as a browser does, and follows redirects where told to. */
export interface Browser {
  open(url: string, options?: RequestOptions): Promise<Page>
  jar: CookieJar
}

/**
 * Someone with a browser: navigations carry what a navigation carries.
 * @param ca a certificate to trust, in PEM
 */
export function createBrowser(ca?: string): Browser {
  const jar = new CookieJar(undefined, { allowSecureOnLocal: true })
  async function request(url: string, { method = 'GET', headers = {}, body }: RequestOptions): Promise<Page> {
    const cookie = await jar.getCookieString(url)
    // Not fetch: it overwrites the Sec-Fetch headers that tell a navigation from a program's call.
    const outgoing = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, {
      ca,
      method,
      lookup: loopbackLookup,
      agent: false,
      headers: { 'sec-fetch-mode': 'navigate', accept: 'text/html', ...(cookie ? { cookie } : {}), ...headers },
    }).end(body)
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    for (const line of response.headers['set-cookie'] ?? []) await jar.setCookie(line, url)
    const answered = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
    const page = { url, status: response.statusCode ?? 0, headers: answered, text: await text(response) }
    requireNoTokens(`${response.rawHeaders.join('\n')}\n${page.text}`, `the answer of ${method} ${url}`)
    return page
  }
  return {
    jar,
    async open(url, { redirects = 20, ...options } = {}) {
      let page = await request(url, options)
      for (let left = redirects; left > 0; left -= 1) {
        const location = page.headers.get('location')
        if (page.status < 300 || page.status > 399 || !location) return page
        page = await request(new URL(location, page.url).href, {})
      }
      return page
    },
  }
}
