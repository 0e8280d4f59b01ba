import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { sendRaw, statusOf } from '../../support/raw.ts'
import { signIn } from '../../support/visitor.ts'

let gateway: TestGateway
let cookie = ''
beforeAll(async () => {
  gateway = await startTestGateway()
  const { browser } = await signIn(gateway)
  cookie = await browser.jar.getCookieString(gateway.hello)
})
afterAll(() => gateway.close())

/** Puts another rule at `hello`. */
const allow = (rule: string, trustedProxies: string[] = []) =>
  gateway.reload((config) => {
    config.trustedProxies = trustedProxies
    if (config.routes['hello']) config.routes['hello'].access = { allow: rule }
  })

/** Asks for a path at `hello` as it stands there, signed in or not. */
async function ask(target: string, headers: Record<string, string> = { Cookie: cookie }, method = 'GET') {
  const { host, port } = new URL(gateway.hello)
  const lines = Object.entries({ Host: host, Connection: 'close', ...headers }).map(
    ([name, text]) => `${name}: ${text}`,
  )
  const before = gateway.upstreamRequests.length
  const answer = await sendRaw(Number(port), `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  return { status: statusOf(answer), arrived: gateway.upstreamRequests.length - before }
}

describe('a rule about paths', () => {
  it('is asked about what a less careful server would read as well', async () => {
    await allow('"staff" in user.groups && !request.path.startsWith("/admin") && request.path != "/secret"')
    for (const open of ['/', '/users/bob%40acme.com', '/docs;v=1/x']) {
      expect(await ask(open), open).toEqual({ status: 200, arrived: 1 })
    }
    for (const shut of ['/admin', '/;x/admin', '/;/admin/users', '/secret;x', '/secre%2574']) {
      expect(await ask(shut), shut).toEqual({ status: 403, arrived: 0 })
    }
  })

  it('lets in or not by each path, also of somebody who was let in a moment ago', async () => {
    await allow('"staff" in user.groups && request.path != "/secret"')
    for (const [target, status] of [
      ['/a', 200],
      ['/secret', 403],
      ['/a', 200],
      ['/secret', 403],
    ] as const) {
      expect((await ask(target)).status).toBe(status)
    }
  })
})

describe('a rule about addresses', () => {
  it('denies whose address a trusted proxy does not tell, instead of taking the proxy for them', async () => {
    await allow('request.ip.inNetwork("127.0.0.0/8") || request.ip == "198.51.100.7"', ['127.0.0.0/8'])
    expect((await ask('/', { Cookie: cookie, 'X-Forwarded-For': '198.51.100.7' })).status).toBe(200)
    for (const list of [undefined, 'unknown', '203.0.113.9, unknown', '203.0.113.9']) {
      const told: Record<string, string> = list === undefined ? {} : { 'X-Forwarded-For': list }
      expect(await ask('/', { Cookie: cookie, ...told }), list ?? 'none').toEqual({ status: 403, arrived: 0 })
    }
  })
})

describe('somebody who was let in', () => {
  it('is not any more, at once, when the rule changes', async () => {
    await allow('"staff" in user.groups')
    expect((await ask('/')).status).toBe(200)
    await allow('"nobody" in user.groups')
    expect(await ask('/')).toEqual({ status: 403, arrived: 0 })
  })

  it('is not any more, at once, when the session ends', async () => {
    await allow('"staff" in user.groups')
    const { browser } = await signIn(gateway)
    const other = await browser.jar.getCookieString(gateway.hello)
    expect((await ask('/', { Cookie: other })).status).toBe(200)
    await browser.open(`${gateway.hello}/.gatewright/sign-out`, { method: 'POST', headers: { origin: gateway.hello } })
    expect(await ask('/', { Cookie: other })).toEqual({ status: 401, arrived: 0 })
    expect((await ask('/')).status).toBe(200)
  })
})

describe('a preflight', () => {
  const asks = { Origin: 'https://other.example', 'Access-Control-Request-Method': 'DELETE' }

  it('passes to an app that answers them itself, and nothing that only looks like one', async () => {
    await gateway.reload((config) => {
      if (config.routes['hello']) config.routes['hello'].corsPreflight = true
    })
    expect(await ask('/', asks, 'OPTIONS')).toEqual({ status: 200, arrived: 1 })
    const looks: Record<string, string>[] = [
      { Origin: asks.Origin },
      { ...asks, Authorization: 'Basic YTpi' },
      { ...asks, 'Content-Length': '2' },
      { ...asks, 'Transfer-Encoding': 'chunked' },
      { ...asks, Cookie: 'theme=dark' },
    ]
    for (const headers of looks) {
      expect(await ask('/', headers, 'OPTIONS'), JSON.stringify(headers)).toEqual({ status: 401, arrived: 0 })
    }
    expect((await ask('/', asks)).arrived).toBe(0)
  })
})
