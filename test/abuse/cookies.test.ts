import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Browser, createBrowser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { sendRaw, statusOf } from '../support/raw.ts'
import { comeBackFromProvider, signIn } from '../support/visitor.ts'
import { newcomer } from '../support/openid-provider.ts'

const SESSION = '__Host-gatewright-session'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ provider: { claims: newcomer } })
})
afterAll(() => gateway.close())

/** Opens the app with a Cookie header as it is. */
async function withCookies(cookie: string): Promise<string> {
  const { host } = new URL(gateway.hello)
  const head = `GET / HTTP/1.1\r\nHost: ${host}\r\nSec-Fetch-Mode: navigate\r\nAccept: text/html\r\n`
  return sendRaw(gateway.config.listen.port, `${head}Cookie: ${cookie}\r\n\r\n`)
}

async function sessionOf(browser: Browser, url = gateway.hello): Promise<string> {
  return (await browser.jar.getCookies(url)).find(({ key }) => key === SESSION)?.value ?? ''
}

describe('24: a cookie in pieces', () => {
  it.each([
    `${SESSION}=chunks:99999999`,
    `${SESSION}=chunks-99999999`,
    `${SESSION}.0=AAAA; ${SESSION}.99999999=BBBB`,
    `${SESSION}_chunks=99999999`,
    `${SESSION}_chunks=99999999; ${SESSION}_1=AAAA`,
    `${SESSION}_chunks=-1; ${SESSION}_0=AAAA`,
    `${SESSION}.1=AAAA`,
    `${SESSION}_0=AAAA; ${SESSION}_2=BBBB`,
  ])('is no session and costs nothing: %s', async (cookie) => {
    const before = gateway.upstreamRequests.length
    expect(statusOf(await withCookies(cookie))).toBe(302)
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it('is not put together from a real one', async () => {
    const { browser } = await signIn(gateway)
    const value = await sessionOf(browser)
    const [head, tail] = [value.slice(0, 20), value.slice(20)]
    const before = gateway.upstreamRequests.length
    for (const cookie of [
      `${SESSION}.0=${head}; ${SESSION}.1=${tail}`,
      `${SESSION}_0=${head}; ${SESSION}_1=${tail}; ${SESSION}=chunks:2`,
      `${SESSION}=${head}; ${SESSION}=${tail}`,
    ]) {
      expect(statusOf(await withCookies(cookie)), cookie).toBe(302)
    }
    expect(gateway.upstreamRequests.length).toBe(before)
  })
})

describe('25: a crafted Cookie header', () => {
  it.each([
    ['without a name', `=${'x'.repeat(43)}`],
    ['of semicolons alone', ';'.repeat(8_000)],
    ['of equals signs alone', '='.repeat(8_000)],
    ['of a thousand names', Array.from({ length: 1_000 }, (_, index) => `c${index}=1`).join('; ')],
    [
      'of a thousand sign-ins',
      Array.from({ length: 200 }, (_, i) => `__Host-gatewright-sign-in-${i}=k1.AAAA`).join('; '),
    ],
    ['of a thousand bindings', Array.from({ length: 200 }, (_, i) => `__Host-gatewright-binding-${i}=AAAA`).join('; ')],
    ['with a session of 12 KB', `${SESSION}=${'A'.repeat(12_000)}`],
    ['with quotes', `${SESSION}="AAAA"`],
    ['with escapes', `${SESSION}=%00%0d%0a`],
    ['with a prototype', '__proto__=1; constructor=1; __Host-gatewright-binding-__proto__=x'],
    ['with SQL', `${SESSION}=' OR 1=1 --`],
  ])('%s is no session: the browser is sent to sign in', async (_, cookie) => {
    const before = gateway.upstreamRequests.length
    expect(statusOf(await withCookies(cookie))).toBe(302)
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it.each(['', 'x', 'a'.repeat(8_000), '%00', '"', '\u00e4'])(
    'with a session that was made up is none: %.12s',
    async (value) => {
      const before = gateway.upstreamRequests.length
      expect(statusOf(await withCookies(`${SESSION}=${value}`))).toBe(302)
      expect(gateway.upstreamRequests.length).toBe(before)
    },
  )

  it('with a session that is there twice has none', async () => {
    const { browser } = await signIn(gateway)
    const cookie = `${SESSION}=${await sessionOf(browser)}`
    for (const twice of [`${SESSION}=x; ${cookie}`, `${cookie}; ${SESSION}=x`, `${cookie}; ${cookie}`]) {
      expect(statusOf(await withCookies(twice))).toBe(302)
    }
  })

  it('above 16 KiB is refused, and the gateway goes on', async () => {
    expect(statusOf(await withCookies(`x=${'A'.repeat(17_000)}`))).toBe(431)
    expect((await createBrowser().open(`${gateway.docs}/`)).status).toBe(200)
  })

  it('of any kind is no session and no fault', async () => {
    const before = gateway.upstreamRequests.length
    const text = fc.string({ maxLength: 60 }).map((value) => value.replaceAll(/[^\t\x20-\x7e]/g, ''))
    const name = fc.constantFrom(SESSION, '__Host-gatewright-binding-x', '__Host-gatewright-sign-in-x', 'theme')
    const pair = fc.tuple(name, text).map(([key, value]) => `${key}=${value}`)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(pair, text), { maxLength: 5 }), async (pairs) => {
        expect(statusOf(await withCookies(pairs.join(';')))).toBe(302)
      }),
      { seed: 20_261_122, numRuns: 60 },
    )
    expect(gateway.upstreamRequests.length).toBe(before)
  })
})

describe('47: our cookies', () => {
  it('are __Host-, Secure, HttpOnly, SameSite and of one host, on every way', async () => {
    const seen: string[] = []
    const browser = createBrowser()
    const step = async (url: string, options = {}) => {
      const page = await browser.open(url, { redirects: 0, ...options })
      const lines = page.headers.get('set-cookie')
      if (lines) seen.push(...lines.split(/,(?=__|\w+=)/))
      return page.headers.get('location') ?? ''
    }
    const callback = await comeBackFromProvider(browser, `${gateway.hello}/`)
    seen.push(...(await browser.jar.getCookies(callback)).map(String))
    const code = await step(callback)
    await step(code)
    const challenged = await step(`${gateway.admin}/`)
    expect(challenged).toContain('/sign-in?request=')
    await step(`${gateway.hello}/.gatewright/sign-out`, { method: 'POST', headers: { origin: gateway.hello } })
    expect(seen.length).toBeGreaterThanOrEqual(5)
    for (const line of seen) {
      expect(line).toMatch(/^__Host-gatewright-[a-z-]+/)
      expect(line).toMatch(/; Path=\//)
      expect(line).toMatch(/; Secure/)
      expect(line).toMatch(/; HttpOnly/)
      expect(line).toMatch(/; SameSite=Lax/)
      expect(line).not.toMatch(/domain=/i)
    }
  })

  it('hold nothing but a random value once somebody is signed in', async () => {
    const { browser } = await signIn(gateway)
    for (const url of [gateway.login, gateway.hello]) {
      const cookies = await browser.jar.getCookies(url)
      expect(cookies.length).toBeGreaterThan(0)
      // Which button was pressed last says nothing about who pressed it.
      const named = cookies.filter(({ key }) => key === '__Host-gatewright-last-used')
      expect(named.every(({ value }) => value === 'acme')).toBe(true)
      for (const { value } of cookies.filter((cookie) => !named.includes(cookie))) {
        expect(value).toMatch(/^[A-Za-z0-9_-]{22,43}$/)
      }
    }
  })

  it.each([
    ['without the prefix', 'gatewright-session'],
    ['with another prefix', '__Secure-gatewright-session'],
    ['in other letters', '__host-gatewright-session'],
    ['with a blank in front', '\u00a0__Host-gatewright-session'],
    ['that goes on', '__Host-gatewright-session2'],
  ])('are not taken from one that a sibling host could set: %s', async (_, name) => {
    const { browser } = await signIn(gateway)
    const before = gateway.upstreamRequests.length
    const cookie = `${name}=${await sessionOf(browser)}`
    expect(statusOf(await withCookies(Buffer.from(cookie).toString('latin1')))).toBe(302)
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it('are never an app’s to read or to set', async () => {
    const planting = await startTestGateway({
      app: (request, response) => {
        const names = ['__Host-gatewright-session', '__host-GATEWRIGHT-binding-x', ' __Host-gatewright-sign-in-y']
        response.setHeader('set-cookie', [...names.map((name) => `${name}=planted; Path=/; Secure`), 'theme=dark'])
        response.end(request.headers.cookie ?? 'none')
      },
    })
    try {
      const { browser, page } = await signIn(planting)
      expect(page.text).toBe('none')
      expect(page.headers.get('set-cookie')).toBe('theme=dark')
      const cookie = `${await browser.jar.getCookieString(planting.hello)}; theme=light`
      expect((await createBrowser().open(`${planting.hello}/`, { headers: { cookie } })).text).toBe(
        'theme=dark; theme=light',
      )
    } finally {
      await planting.close()
    }
  })
})
