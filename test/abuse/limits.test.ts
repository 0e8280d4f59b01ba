import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { PER_MINUTE } from '../../runtime/limits/index.ts'
import { createBrowser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { signIn } from '../support/visitor.ts'
import { newcomer } from '../support/openid-provider.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ config: (config) => (config.trustedProxies = ['127.0.0.0/8', '10.1.0.0/16']) })
})
afterAll(() => gateway.close())

/** Asks for an address until it is refused; two windows cannot hold more. */
async function untilLimited(limit: number, ask: () => Promise<{ status: number; retryAfter: string | null }>) {
  for (let asked = 0; asked <= 2 * limit; asked += 1) {
    const { status, retryAfter } = await ask()
    if (status === 429) return { asked, retryAfter }
  }
  throw new Error('it was never refused')
}

function asking(path: string, client: string, headers: Record<string, string> = {}) {
  return async () => {
    const options = { headers: { 'x-forwarded-for': client, ...headers }, redirects: 0 }
    const page = await createBrowser().open(path, options)
    return { status: page.status, retryAfter: page.headers.get('retry-after'), text: page.text }
  }
}

describe('one address', () => {
  // Codes of all kinds are counted together: who has no more of one has no more of another.
  it.each<[string, () => string, number, string]>([
    ['begin sign-ins', () => `${gateway.login}/sign-in/acme`, PER_MINUTE.signIn, '198.51.100.1'],
    ['try callbacks', () => `${gateway.login}/callback/acme?state=x&code=y`, PER_MINUTE.callback, '198.51.100.2'],
    ['try codes', () => `${gateway.hello}/.gatewright/hand-over?code=x`, PER_MINUTE.code, '198.51.100.3'],
    ['try kept forms', () => `${gateway.hello}/.gatewright/resume?id=x`, PER_MINUTE.code, '198.51.100.3'],
    ['try codes of programs', () => `${gateway.hello}/.gatewright/cli/token`, PER_MINUTE.code, '198.51.100.3'],
  ])('cannot %s without end, and is told when to come back', async (_, address, limit, client) => {
    const { retryAfter } = await untilLimited(limit, asking(address(), client))
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(1)
    expect(Number(retryAfter)).toBeLessThanOrEqual(60)
    const others = await asking(address(), '198.51.100.99')()
    expect(others.status).not.toBe(429)
  })

  it('is not used up by a page of another site that asks in passing', async () => {
    const client = '198.51.100.7'
    const picture = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' }
    const asked = asking(`${gateway.login}/sign-in/acme`, client, picture)
    const before = gateway.provider.discoveryRequests()
    for (let count = 0; count <= PER_MINUTE.signIn; count += 1) expect((await asked()).status).toBe(403)
    expect(gateway.provider.discoveryRequests()).toBe(before)
    expect((await asking(`${gateway.login}/sign-in/acme`, client)()).status).toBe(303)
  })

  it('is told so in the form that it reads', async () => {
    const address = `${gateway.login}/sign-in/acme`
    const pages: string[] = []
    const asJson = { 'sec-fetch-mode': 'cors' }
    for (const headers of [{}, asJson]) {
      await untilLimited(PER_MINUTE.signIn, async () => {
        const page = await asking(address, '198.51.100.6', headers)()
        if (page.status === 429) pages.push(page.text)
        return page
      })
    }
    expect(pages[0]).toContain('<h1>That was too often</h1>')
    expect(JSON.parse(pages[1] ?? '')).toMatchObject({ error: 'rate_limited' })
    expect(gateway.log()).toContain('"code":"rate_limited"')
  })

  it('asks the provider nothing and the store nothing when it is refused', async () => {
    const address = `${gateway.login}/sign-in/acme`
    const { asked } = await untilLimited(PER_MINUTE.signIn, asking(address, '198.51.100.7'))
    expect(asked).toBeLessThanOrEqual(2 * PER_MINUTE.signIn)
    const codes = gateway.provider.tokenRequests.length
    await untilLimited(PER_MINUTE.callback, asking(`${gateway.login}/callback/acme?state=x&code=y`, '198.51.100.7'))
    expect(gateway.provider.tokenRequests.length).toBe(codes)
  })

  it('is the one that a trusted proxy saw, whatever else the client writes', async () => {
    const address = `${gateway.login}/sign-in/acme`
    let sent = 0
    const forging = async () => {
      sent += 1
      return asking(address, `203.0.113.${sent}, 198.51.100.8, 10.1.0.7`)()
    }
    expect((await untilLimited(PER_MINUTE.signIn, forging)).asked).toBeGreaterThanOrEqual(PER_MINUTE.signIn)
  })

  it('is a whole /64 of IPv6', async () => {
    const address = `${gateway.login}/sign-in/acme`
    let sent = 0
    const moving = async () => {
      sent += 1
      return asking(address, `2001:db8:1:1::${sent.toString(16)}`)()
    }
    expect((await untilLimited(PER_MINUTE.signIn, moving)).asked).toBeGreaterThanOrEqual(PER_MINUTE.signIn)
  })
})

describe('one account', () => {
  it('cannot sign in without end, over all addresses; another one can', async () => {
    const subject = randomUUID()
    gateway.provider.behaviour.claims = (honest) => ({ ...honest, sub: subject })
    const before = gateway.upstreamRequests.length
    let signedIn = 0
    const { retryAfter } = await untilLimited(PER_MINUTE.account, async () => {
      const { page } = await signIn(gateway)
      signedIn += page.status === 200 ? 1 : 0
      return { status: page.status, retryAfter: page.headers.get('retry-after') }
    })
    expect(signedIn).toBeGreaterThanOrEqual(PER_MINUTE.account)
    expect(gateway.upstreamRequests.length).toBe(before + signedIn)
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(1)
    gateway.provider.behaviour.claims = newcomer
    expect((await signIn(gateway)).page.status).toBe(200)
  })
})

describe('a proxy that nobody has named', () => {
  it('is not taken for a person, and that is said in the log once', async () => {
    const unnamed = await startTestGateway()
    try {
      const ask = asking(`${unnamed.login}/sign-in/acme`, '198.51.100.1')
      for (let asked = 0; asked <= PER_MINUTE.signIn; asked += 1) expect((await ask()).status).toBe(303)
      expect(unnamed.log().match(/limits by address are off/g)).toHaveLength(1)
      expect(unnamed.log()).toMatch(/"level":(?:40|"warn").*limits by address are off/)
    } finally {
      await unnamed.close()
    }
  })
})

describe('the app', () => {
  const forwardedFor = (request: IncomingMessage | undefined) => request?.headers['x-forwarded-for']

  it('is told the client that a trusted proxy names, and not what the client wrote', async () => {
    await asking(`${gateway.docs}/`, '203.0.113.1, 198.51.100.1, 10.1.0.7')()
    expect(forwardedFor(gateway.upstreamRequests.at(-1))).toBe('198.51.100.1')
  })
})

describe('a store that cannot count', () => {
  it('lets nobody begin, and says nothing about itself', async () => {
    const broken = await startTestGateway({ config: (config) => (config.trustedProxies = ['127.0.0.0/8']) })
    const { DatabaseSync } = await import('node:sqlite')
    const db = new DatabaseSync(`${broken.dataFolder}/gateway.sqlite`)
    try {
      const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
      const counts = String(tables.map(({ name }) => String(name)).find((name) => /count|event/.test(name)))
      db.exec(`DROP TABLE ${counts}`)
      const page = await asking(`${broken.login}/sign-in/acme`, '198.51.100.1')()
      expect(page.status).toBe(503)
      expect(page.text).not.toContain(counts)
      expect(broken.provider.authorizationRequests.length).toBe(0)
      expect(broken.log()).toContain('"code":"store_unavailable"')
    } finally {
      db.close()
      await broken.close()
    }
  })
})
