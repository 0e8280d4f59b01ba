import { CookieJar } from 'tough-cookie'

import { boundedFetch } from '../../../../runtime/outbound/index.ts'

export interface Page {
  url: string
  status: number
  headers: Headers
  text: string
}

/** Someone with a browser that keeps cookies, follows redirects up to a given address, and fills in forms. */
export class Person {
  readonly #jar = new CookieJar()
  readonly #stopAt: string

  /** @param stopAt a redirect to an address that begins so is not followed, but is the page's `url` */
  constructor(stopAt: string) {
    this.#stopAt = stopAt
  }

  async open(url: string): Promise<Page> {
    return this.#request(url, {})
  }

  /** Posts a form, the way a browser does from a page at `origin`. */
  async submit(url: string, fields: Record<string, string>, origin = new URL(url).origin): Promise<Page> {
    const body = new URLSearchParams(fields).toString()
    return this.#request(url, {
      method: 'POST',
      body,
      headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    })
  }

  async #request(
    url: string,
    init: { method?: string; body?: string; headers?: Record<string, string> },
    hops = 0,
  ): Promise<Page> {
    if (hops > 10) throw new Error(`redirected too often, last to ${url}`)
    const headers = { accept: 'text/html', ...init.headers, cookie: await this.#jar.getCookieString(url) }
    const response = await boundedFetch(url, { ...init, headers })
    for (const cookie of response.headers.getSetCookie()) await this.#jar.setCookie(cookie, url)
    const text = await response.text()
    const location = response.headers.get('location')
    if (location === null) return { url, status: response.status, headers: response.headers, text }
    const next = new URL(location, url).href
    if (next.startsWith(this.#stopAt)) return { url: next, status: response.status, headers: response.headers, text }
    return this.#request(next, {}, hops + 1)
  }
}

/** The `action` of the first form on a page, as an absolute address. */
export function formAction(page: Page): string {
  const action = /<form[^>]* action="([^"]*)"/.exec(page.text)?.[1]
  if (action === undefined) throw new Error(`no form at ${page.url}: ${page.status}`)
  return new URL(action, page.url).href
}
