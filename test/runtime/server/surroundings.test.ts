import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { sendRaw, statusOf } from '../../support/raw.ts'
import { signIn } from '../../support/visitor.ts'

let gateway: TestGateway
let port: number
beforeAll(async () => {
  gateway = await startTestGateway({
    app(request, response) {
      response.setHeader('set-cookie', ['__Host-gatewright-session=planted; Path=/; Secure', 'theme=dark'])
      response.setHeader('cache-control', 'public, s-maxage=600')
      response.end(`app saw ${request.url}`)
    },
  })
  port = gateway.config.listen.port
})
afterAll(() => gateway.close())

describe('every page of our own', () => {
  it('is neither cached, framed nor sniffed, and tells no other site where it was', async () => {
    const { browser } = await signIn(gateway)
    const pages = [
      await createBrowser().open(`${gateway.hello}/`),
      await browser.open(`${gateway.admin}/`),
      await browser.open(`${gateway.login}/`),
      await browser.open(`${gateway.login}/sign-out`),
      await browser.open(`${gateway.login}/signed-out`),
      await browser.open(`${gateway.login}/missing`),
      await browser.open(`${gateway.hello}/.gatewright/missing`),
      await createBrowser().open(`${gateway.hello}/`, { redirects: 0 }),
    ]
    for (const { headers, url } of pages) {
      expect(headers.get('cache-control'), url).toBe('no-store')
      expect(headers.get('content-security-policy'), url).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options'), url).toBe('nosniff')
      expect(headers.get('referrer-policy'), url).toMatch(/^(no-referrer|same-origin)$/)
    }
  })
})

describe('an answer of a protected app', () => {
  it('is kept out of shared caches, and cannot set our cookies', async () => {
    const { page } = await signIn(gateway)
    expect(page.headers.get('cache-control')).toMatch(/private/)
    expect(page.headers.get('cache-control')).not.toMatch(/public|s-maxage/)
    expect(page.headers.get('set-cookie')).toBe('theme=dark')
  })

  it('of a public route stays cacheable', async () => {
    expect((await createBrowser().open(`${gateway.docs}/`)).headers.get('cache-control')).toContain('public')
  })
})

describe('an app', () => {
  it('sees neither our cookies nor a header that claims to be ours', async () => {
    const { browser } = await signIn(gateway)
    const forged = ['X-Gatewright-Assertion', 'X_Gatewright_Assertion', 'x-pomerium-jwt-assertion', 'X-Forwarded-User']
    const headers = Object.fromEntries(forged.map((name) => [name, 'forged']))
    await browser.open(`${gateway.hello}/`, { headers })
    await browser.open(`${gateway.docs}/`, { headers })
    for (const request of gateway.upstreamRequests.slice(-2)) {
      expect(JSON.stringify(request.rawHeaders)).not.toMatch(/forged|__Host-gatewright/)
    }
    const [protectedRequest, publicRequest] = gateway.upstreamRequests.slice(-2)
    expect(protectedRequest?.headers['x-gatewright-assertion']).toMatch(/^ey/)
    expect(publicRequest?.headers['x-gatewright-assertion']).toBeUndefined()
  })

  it('is not reached by what no browser sends', async () => {
    const { browser } = await signIn(gateway)
    const cookie = await browser.jar.getCookieString(gateway.hello)
    const before = gateway.upstreamRequests.length
    const host = new URL(gateway.hello).host
    const end = `\r\nHost: ${host}\r\nCookie: ${cookie}\r\n`
    for (const bytes of [
      `GET /docs/../admin HTTP/1.1${end}\r\n`,
      `GET /%2e%2e/admin HTTP/1.1${end}\r\n`,
      `GET //admin HTTP/1.1${end}\r\n`,
      `GET /a%2fb HTTP/1.1${end}\r\n`,
      `GET /a%5cb HTTP/1.1${end}\r\n`,
      `GET /a%00 HTTP/1.1${end}\r\n`,
      `GET /%zz HTTP/1.1${end}\r\n`,
      `GET http://${host}/ HTTP/1.1${end}\r\n`,
      `OPTIONS * HTTP/1.1${end}\r\n`,
      `TRACE / HTTP/1.1${end}\r\n`,
      `GET / HTTP/1.1${end}Host: other\r\n\r\n`,
      `POST / HTTP/1.1${end}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST / HTTP/1.1${end}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    ]) {
      const status = statusOf(await sendRaw(port, bytes))
      expect(status, bytes).toBeGreaterThanOrEqual(400)
      expect(status, bytes).toBeLessThan(500)
    }
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it.each(['HELLO.gw.localhost', 'hello.gw.localhost.', 'HeLLo.GW.localhost.'])(
    'is the same one at host %s',
    async (host) => {
      const answer = await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: */*\r\n\r\n`)
      expect(statusOf(answer)).toBe(401)
      expect(answer).toContain('sign_in_required')
    },
  )

  it.each(['kube-probe/1.34', 'GoogleHC/1.0', 'ELB-HealthChecker/2.0'])(
    'is not opened by the user agent %s',
    async (agent) => {
      const before = gateway.upstreamRequests.length
      for (const path of ['/healthz', '/ping', '/ready', '/robots.txt', '/.well-known/x', '/favicon.ico']) {
        const page = await createBrowser().open(gateway.hello + path, {
          headers: { 'user-agent': agent, 'sec-fetch-mode': 'cors' },
        })
        expect(page.status).toBe(401)
      }
      expect(gateway.upstreamRequests.length).toBe(before)
    },
  )
})

describe('liveness and readiness', () => {
  it('are on a port of their own and not on the public one', async () => {
    const admin = new URL(gateway.readyUrl).origin
    expect(await (await fetch(`${admin}/readyz`)).json()).toEqual({ status: 'ready', generation: 'g1' })
    expect((await fetch(`${admin}/healthz`)).status).toBe(200)
    for (const path of ['/readyz', '/healthz', '/metrics']) {
      expect((await createBrowser().open(gateway.login + path)).status).toBe(404)
      expect(statusOf(await sendRaw(port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`))).toBe(421)
    }
  })
})

it('a store that fails lets nobody pass and says nothing about itself', async () => {
  const broken = await startTestGateway()
  const { browser } = await signIn(broken)
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(`${broken.dataFolder}/gateway.sqlite`)
  db.exec('PRAGMA foreign_keys = OFF; DROP TABLE host_sessions')
  // Nobody is known from a moment ago.
  await broken.reload(() => undefined)
  const before = broken.upstreamRequests.length
  const page = await browser.open(`${broken.hello}/`)
  expect(page.status).toBe(503)
  expect(page.text.replace(/<style>[^]*?<\/style>/, '')).not.toMatch(/sqlite|host_sessions|table/i)
  expect(broken.log()).toContain('host_sessions')
  expect(broken.upstreamRequests.length).toBe(before)
  db.close()
  await broken.close()
})
