import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { PER_MINUTE } from '../../runtime/limits/index.ts'
import { type Browser, createBrowser, type Page } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { sendRaw, statusOf } from '../support/raw.ts'
import { signInLink } from '../support/visitor.ts'
import { newcomer } from '../support/openid-provider.ts'

const FORM = 'application/x-www-form-urlencoded'

let gateway: TestGateway
/** Bodies that reached the app, oldest first. */
const received: { url: string | undefined; body: string }[] = []
beforeAll(async () => {
  gateway = await startTestGateway({
    // Each sign-in is somebody else's: one account may not sign in as often as these tests do.
    provider: { claims: newcomer },
    app(request, response) {
      void take(request, response)
    },
  })
})
afterAll(() => gateway.close())

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  if (request.method === 'POST') received.push({ url: request.url, body })
  response.end('thanks')
}

/** What a browser sends for a form of a page at `origin`. */
function post(browser: Browser, path: string, body: string, options: { origin?: string; type?: string } = {}) {
  const { origin = gateway.hello, type = FORM } = options
  return browser.open(gateway.hello + path, {
    method: 'POST',
    body,
    headers: { origin, 'content-type': type },
    redirects: 0,
  })
}

/** From the answer to the form, over sign-in, to where that leads. */
async function signInAfter(browser: Browser, answer: Page): Promise<Page> {
  return browser.open(signInLink(await browser.open(answer.headers.get('location') ?? '')))
}

/** The form of a page as a browser sends it. */
function formOf(page: Page): { action: string; body: string } {
  const plain = (escaped = '') =>
    escaped
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
  const fields = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  const action = /<form method="post" action="([^"]*)"/.exec(page.text)?.[1]
  return {
    action: plain(action),
    body: new URLSearchParams(fields.map(([, name, value]) => [plain(name), plain(value)])).toString(),
  }
}

/** Where a kept form waits, for a browser that has signed in meanwhile. */
async function waiting(
  browser = createBrowser(),
  path = '/orders?draft=1',
): Promise<{ browser: Browser; url: string }> {
  const answer = await post(browser, path, 'item=1')
  expect(answer.status).toBe(303)
  const page = await browser.open(signInLink(await browser.open(answer.headers.get('location') ?? '')), {
    redirects: 3,
  })
  return { browser, url: new URL(page.headers.get('location') ?? '', page.url).href }
}

describe('a form that was sent without a session', () => {
  it('reaches the app as it was, after sign-in and by a click', async () => {
    const browser = createBrowser()
    const body = new URLSearchParams([
      ['name', 'Ann "<b>&amp;\' Ä😀'],
      ['item', '1'],
      ['item', '2'],
      ['text', 'line\r\nline'],
      ['password', 'hunter2'],
      ['empty', ''],
    ]).toString()
    const before = received.length
    const page = await signInAfter(browser, await post(browser, '/orders/7?draft=1', body))
    expect(page).toMatchObject({ status: 200 })
    expect(new URL(page.url).pathname).toBe('/.gatewright/resume')
    expect(received.length).toBe(before)
    const form = formOf(page)
    expect(form).toEqual({ action: '/orders/7?draft=1', body })
    expect((await post(browser, form.action, form.body)).text).toBe('thanks')
    expect(received.slice(before)).toEqual([{ url: '/orders/7?draft=1', body }])
  })

  it('lies sealed in the store, and its values are in no log', async () => {
    await post(createBrowser(), '/', 'password=correct-horse')
    const { readdir, readFile } = await import('node:fs/promises')
    const files = await readdir(gateway.dataFolder)
    const contents = await Promise.all(files.map((file) => readFile(`${gateway.dataFolder}/${file}`, 'latin1')))
    expect(contents.join('')).not.toContain('correct-horse')
    expect(gateway.log()).not.toContain('correct-horse')
  })

  it.each<[string, string, { origin?: string; type?: string }]>([
    ['another site', 'a=1', { origin: 'https://evil.example' }],
    ['a sibling host', 'a=1', { origin: 'http://admin.gw.localhost' }],
    ['an opaque origin', 'a=1', { origin: 'null' }],
    ['the own host at another port', 'a=1', { origin: 'http://hello.gw.localhost:1' }],
    ['the own host by another scheme', 'a=1', { origin: 'https://hello.gw.localhost' }],
    ['a host that begins alike', 'a=1', { origin: 'http://hello.gw.localhost.evil.example' }],
    ['a program in JSON', '{"a":1}', { type: 'application/json' }],
    ['a form with files', 'x', { type: 'multipart/form-data; boundary=x' }],
    ['a form in plain text', 'a=1', { type: 'text/plain' }],
    ['a form in another character set', 'a=%E9', { type: `${FORM}; charset=iso-8859-1` }],
    ['a form whose browser wrote in another character set', 'a=1&_charset_=windows-1252', {}],
    ['a form that cannot be repeated', 'a=%E9', {}],
    ['a form above 64 KiB', `a=${'x'.repeat(65_535)}`, {}],
  ])('from %s is not kept: its sender is asked to sign in and send it again', async (_, body, options) => {
    const before = [received.length, gateway.log().length] as const
    const page = await post(createBrowser(), '/orders?draft=1', body, options)
    expect(page.status).toBe(401)
    expect(page.headers.get('location')).toBeNull()
    expect(page.text).toContain('send it again')
    expect(page.text).toContain('href="/orders?draft=1"')
    expect(gateway.log().slice(before[1])).toContain('"code":"sign_in_required"')
    expect(received.length).toBe(before[0])
  })

  it('of exactly 64 KiB is kept', async () => {
    expect((await post(createBrowser(), '/', `a=${'x'.repeat(65_534)}`)).status).toBe(303)
  })

  it.each(['PUT', 'PATCH'])('by %s is not kept', async (method) => {
    const headers = { origin: gateway.hello, 'content-type': FORM }
    const page = await createBrowser().open(`${gateway.hello}/`, { method, body: 'a=1', headers, redirects: 0 })
    expect(page.status).toBe(401)
  })

  it('by a script is answered in JSON, and not kept', async () => {
    const headers = { origin: gateway.hello, 'content-type': FORM, 'sec-fetch-mode': 'cors' }
    const page = await createBrowser().open(`${gateway.hello}/`, { method: 'POST', body: 'a=1', headers, redirects: 0 })
    expect(page.status).toBe(401)
    expect(JSON.parse(page.text)).toMatchObject({ error: 'sign_in_required' })
  })
})

describe('a kept form', () => {
  async function expectGone(page: Page, link: string): Promise<void> {
    expect(page.status).toBe(410)
    expect(page.text).not.toMatch(/<form|item=|"item"|>item</)
    expect(page.text).toContain(`href="${link}"`)
  }

  it('is shown once; then there is the way to its page', async () => {
    const { browser, url } = await waiting()
    expect(formOf(await browser.open(url)).body).toBe('item=1')
    await expectGone(await browser.open(url), '/orders?draft=1')
  })

  it('is worth nothing in another browser, and is gone after the attempt', async () => {
    const { browser, url } = await waiting()
    const thief = createBrowser()
    const page = await thief.open(signInLink(await thief.open(url)))
    await expectGone(page, '/')
    await expectGone(await browser.open(url), '/orders?draft=1')
  })

  it('is worth nothing at another route', async () => {
    const { browser, url } = await waiting()
    await expectGone(await browser.open(url.replace(gateway.hello, gateway.admin)), '/')
  })

  it('is not used up by a request that shows nobody its answer, nor by one without a session', async () => {
    const { browser, url } = await waiting()
    expect((await browser.open(url, { method: 'HEAD' })).status).toBe(410)
    const session = (await browser.jar.getCookies(gateway.hello)).find(({ key }) => key === '__Host-gatewright-session')
    await browser.jar.setCookie('__Host-gatewright-session=over; Path=/; Secure', gateway.hello)
    expect((await browser.open(url, { redirects: 0 })).headers.get('location')).toContain('/sign-in?request=')
    await browser.jar.setCookie(String(session), gateway.hello)
    expect(formOf(await browser.open(url)).body).toBe('item=1')
  })

  it.each(['', '?id=', '?id=made-up', '?id=a&id=b', '?to=/'])('is not to be had by %j', async (query) => {
    const { browser } = await waiting()
    await expectGone(await browser.open(`${gateway.hello}/.gatewright/resume${query}`), '/')
  })

  it('leads to its page only when the address is whole', async () => {
    const { browser, url } = await waiting()
    await browser.open(url)
    const changed = new URL(url)
    changed.searchParams.set('to', `${changed.searchParams.get('to')?.slice(0, -4)}AAAA`)
    await expectGone(await browser.open(changed.href), '/')
  })

  it('has a page that may send it anywhere the app redirects to, and nothing else', async () => {
    const { browser, url } = await waiting()
    const { headers } = await browser.open(url)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('form-action')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

describe('a body that nobody reads', () => {
  const head = (extra: string) =>
    `POST /orders HTTP/1.1\r\nHost: ${new URL(gateway.hello).host}\r\nAccept: text/html\r\n${extra}\r\n\r\n`
  const next = () => `GET /after HTTP/1.1\r\nHost: ${new URL(gateway.docs).host}\r\nConnection: close\r\n\r\n`

  /** Statuses of all answers on one connection. */
  async function conversation(bytes: string): Promise<string[]> {
    const socket = connect(gateway.config.listen.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(bytes, 'latin1')
    const answers = await text(socket)
    return [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status ?? '')
  }

  const chunk = (size: number) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`
  it.each<[string, () => string]>([
    ['with a length', () => head(`Content-Length: 100000`) + 'x'.repeat(100_000)],
    ['in chunks', () => head('Transfer-Encoding: chunked') + chunk(70_000) + chunk(30_000) + '0\r\n\r\n'],
    [
      'of another site',
      () => head(`Origin: https://evil.example\r\nContent-Type: ${FORM}\r\nContent-Length: 3`) + 'a=1',
    ],
    [
      'of the own site and too large',
      () =>
        head(`Origin: ${gateway.hello}\r\nContent-Type: ${FORM}\r\nTransfer-Encoding: chunked`) +
        chunk(90_000) +
        '0\r\n\r\n',
    ],
    [
      'with trailers',
      () => head(`Origin: ${gateway.hello}\r\nTransfer-Encoding: chunked`) + `${chunk(3)}0\r\nX-Trailer: 1\r\n\r\n`,
    ],
    ['that is empty', () => head(`Origin: ${gateway.hello}\r\nContent-Length: 0`)],
  ])('%s does not become the next request on its connection', async (_, bytes) => {
    expect(await conversation(bytes() + next())).toEqual(['401', '200'])
  })

  it('that is kept does not either', async () => {
    const fields = `Origin: ${gateway.hello}\r\nContent-Type: ${FORM}\r\nContent-Length: 3`
    expect(await conversation(`${head(fields)}a=1${next()}`)).toEqual(['303', '200'])
  })

  it('is asked for only where it would be kept', async () => {
    const { port } = gateway.config.listen
    const form = `Content-Type: ${FORM}\r\nExpect: 100-continue\r\n`
    const foreign = await sendRaw(port, head(`${form}Origin: https://evil.example\r\nContent-Length: 3`))
    expect(statusOf(foreign)).toBe(401)
    const large = await sendRaw(port, head(`${form}Origin: ${gateway.hello}\r\nContent-Length: 999999`))
    expect(statusOf(large)).toBe(401)
    const socket = connect(port, '127.0.0.1')
    socket.write(head(`${form}Origin: ${gateway.hello}\r\nContent-Length: 3\r\nConnection: close`))
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 100 /)
    socket.write('a=1')
    expect(statusOf(await text(socket))).toBe(303)
  })

  it('and is cut off harms nobody else', async () => {
    const socket = connect(gateway.config.listen.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`${head(`Origin: ${gateway.hello}\r\nContent-Type: ${FORM}\r\nContent-Length: 30`)}a=1`)
    socket.destroy()
    expect((await createBrowser().open(`${gateway.docs}/`)).status).toBe(200)
  })
})

describe('many forms', () => {
  it('of one address are not kept above a number, and those of others are', async () => {
    const flooded = await startTestGateway({ config: (config) => (config.trustedProxies = ['127.0.0.0/8']) })
    try {
      const send = async (client: string) => {
        const headers = { origin: flooded.hello, 'content-type': FORM, 'x-forwarded-for': client }
        const options = { method: 'POST', body: 'a=1', headers, redirects: 0 }
        return (await createBrowser().open(`${flooded.hello}/`, options)).status
      }
      const statuses: number[] = []
      // More than two windows can hold, in case that one ends meanwhile.
      for (let sent = 0; sent <= 2 * PER_MINUTE.keptBody; sent += 1) statuses.push(await send('203.0.113.7'))
      expect(statuses.slice(0, PER_MINUTE.keptBody)).toEqual(Array(PER_MINUTE.keptBody).fill(303))
      expect(statuses).toContain(401)
      expect(await send('203.0.113.8')).toBe(303)
    } finally {
      await flooded.close()
    }
  })
})
