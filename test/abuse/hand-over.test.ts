import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { HAND_OVERS_UNTIL_LOOP } from '../../runtime/limits/index.ts'
import { type Browser, createBrowser, type Page } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { signIn } from '../support/visitor.ts'
import { newcomer } from '../support/openid-provider.ts'

const SESSION = '__Host-gatewright-session'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({
    provider: { claims: (honest) => ({ ...newcomer(honest), groups: ['staff', 'admins'] }) },
  })
})
afterAll(() => gateway.close())

/** A signed-in browser, and the address with a code that would bring it its session at a second app. */
async function handOver(path = '/page?x=1', browser = createBrowser()) {
  await signIn(gateway, undefined, browser)
  return { browser, url: await codeFor(browser, path) }
}

async function codeFor(browser: Browser, path: string): Promise<string> {
  const challenged = await browser.open(gateway.admin + path, { redirects: 0 })
  const issued = await browser.open(challenged.headers.get('location') ?? '', { redirects: 0 })
  return issued.headers.get('location') ?? ''
}

/** A page that says no, without a session and without a request at the app. */
async function expectRefused(open: () => Promise<Page>, code: string, link: string): Promise<void> {
  const before = [gateway.upstreamRequests.length, gateway.log().length] as const
  const page = await open()
  expect(page.status).toBe(400)
  expect(page.headers.get('set-cookie') ?? '').not.toContain(SESSION)
  expect(page.text).toContain(`href="${link}"`)
  expect(gateway.log().slice(before[1])).toContain(`"code":"${code}"`)
  expect(gateway.upstreamRequests.length).toBe(before[0])
}

describe('21: a hand-over code', () => {
  it('works once, and leads to its page ever after', async () => {
    const { browser, url } = await handOver()
    expect((await browser.open(url, { redirects: 0 })).headers.get('location')).toBe('/page?x=1')
    await expectRefused(() => browser.open(url), 'hand_over_invalid', '/page?x=1')
  })

  it('gives one of many tabs its session, however many come at once', async () => {
    const { browser, url } = await handOver()
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.open(url, { redirects: 0 })))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
  })

  it('is worth nothing in another browser, which is told nothing of the page; the attempt uses it up', async () => {
    const { browser, url } = await handOver()
    const thief = createBrowser()
    await thief.open(`${gateway.admin}/`, { redirects: 0 })
    await expectRefused(() => thief.open(url), 'hand_over_invalid', '/')
    await expectRefused(() => browser.open(url), 'hand_over_invalid', '/page?x=1')
  })

  it('is worth nothing in a browser with a session and a binding of its own', async () => {
    const { url } = await handOver()
    const { browser: other } = await handOver()
    await expectRefused(() => other.open(url), 'hand_over_invalid', '/')
  })

  it.each<[string, (url: URL) => void]>([
    ['that is made up', (url) => url.searchParams.set('code', 'A'.repeat(43))],
    ['that is there twice', (url) => url.searchParams.append('code', 'x')],
    ['that is empty', (url) => url.searchParams.set('code', '')],
    ['that is missing', (url) => url.searchParams.delete('code')],
    ['that was cut', (url) => url.searchParams.set('code', url.searchParams.get('code')?.slice(0, -1) ?? '')],
    ['in other letters', (url) => url.searchParams.set('code', url.searchParams.get('code')?.toLowerCase() ?? '')],
    ['that is a store’s id of it', (url) => url.searchParams.set('code', `${url.searchParams.get('code')}%00`)],
  ])('%s is refused', async (_, change) => {
    const { browser, url } = await handOver()
    const changed = new URL(url)
    change(changed)
    const known = changed.searchParams.get('code') === new URL(url).searchParams.get('code')
    await expectRefused(() => browser.open(changed.href), 'hand_over_invalid', known ? '/page?x=1' : '/')
  })

  it.each<[string, (sealed: string) => string]>([
    ['changed', (sealed) => `${sealed.slice(0, -4)}AAAA`],
    ['unsealed', () => JSON.stringify({ route: 'admin', target: '/evil', bindingHash: 'x' })],
    ['an address', () => 'https://evil.example/'],
    ['a path', () => '//evil.example'],
  ])('shows no way on where what stands beside it is %s', async (_, change) => {
    const { browser, url } = await handOver()
    await browser.open(url)
    const changed = new URL(url)
    changed.searchParams.set('to', change(changed.searchParams.get('to') ?? ''))
    await expectRefused(() => browser.open(changed.href), 'hand_over_invalid', '/')
  })

  it('is not used up by HEAD, which shows nobody its answer', async () => {
    const { browser, url } = await handOver()
    expect((await browser.open(url, { method: 'HEAD' })).status).toBe(400)
    expect((await browser.open(url, { redirects: 0 })).status).toBe(303)
  })

  it.each(['', 'unsealed', 'k1.', 'k1.AAAA', 'k2.AAAA', '%7B%22brand%22:%22default%22%7D'])(
    'cannot be asked for by the request %j',
    async (request) => {
      const { browser } = await handOver()
      const page = await browser.open(`${gateway.login}/sign-in?request=${request}`, { redirects: 0 })
      expect(page.status).toBe(400)
      expect(page.headers.get('location')).toBeNull()
    },
  )
})

describe('26: between two apps', () => {
  it('a hand-over for one is not accepted at the other, and used up', async () => {
    const { browser, url } = await handOver()
    await browser.open(`${gateway.hello}/`)
    await expectRefused(() => browser.open(url.replace(gateway.admin, gateway.hello)), 'hand_over_invalid', '/')
    await expectRefused(() => browser.open(url), 'hand_over_invalid', '/page?x=1')
  })

  it('a session of one is not accepted at the other, nor at the login host, nor the other way round', async () => {
    const { browser } = await handOver()
    const cookieAt = async (url: string) =>
      (await browser.jar.getCookies(url)).find(({ key }) => key === SESSION)?.value
    const before = gateway.upstreamRequests.length
    for (const [from, to] of [
      [gateway.hello, gateway.admin],
      [gateway.hello, gateway.login],
      [gateway.login, gateway.hello],
      [gateway.login, gateway.admin],
    ] as const) {
      const thief = createBrowser()
      await thief.jar.setCookie(`${SESSION}=${await cookieAt(from)}; Path=/; Secure`, to)
      const location = (await thief.open(`${to}/`, { redirects: 0 })).headers.get('location')
      expect(location, `${from} at ${to}`).toContain('/sign-in')
    }
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it('a binding of one is none at the other', async () => {
    const { browser, url } = await handOver()
    const bindings = (await browser.jar.getCookies(gateway.hello)).filter(({ key }) => key.includes('-binding-'))
    expect(bindings.length).toBeGreaterThan(0)
    const thief = createBrowser()
    for (const binding of bindings) await thief.jar.setCookie(`${binding.key}=${binding.value}; Path=/; Secure`, url)
    await expectRefused(() => thief.open(url), 'hand_over_invalid', '/')
  })
})

describe('a browser', () => {
  it('that keeps no cookies of the app’s host is told so, instead of going round', async () => {
    const { browser, url } = await handOver()
    const blocked = createBrowser()
    await expectRefused(() => blocked.open(url), 'cookies_blocked', '/')
    expect((await browser.open(url, { redirects: 0 })).status).toBe(400)
  })

  it('that keeps no cookies of the login host is told so when it comes back from the provider', async () => {
    const browser = createBrowser()
    const begun = await browser.open(`${gateway.login}/sign-in/acme`, { redirects: 1 })
    const callback = begun.headers.get('location') ?? ''
    const page = await createBrowser().open(callback)
    expect(page.status).toBe(400)
    expect(page.text).toContain('None of our cookies came back')
    expect(page.text).toContain('href="/sign-in"')
  })

  it('that loses its session at the app again and again is stopped, with the likely causes and the page', async () => {
    const { browser } = await handOver()
    const forget = () => browser.jar.setCookie(`${SESSION}=; Path=/; Secure; Max-Age=0`, gateway.admin)
    for (let round = 0; round < 2 * HAND_OVERS_UNTIL_LOOP; round += 1) {
      const url = await codeFor(browser, '/page?x=1')
      const page = await browser.open(url, { redirects: 0 })
      await forget()
      if (page.status === 303) continue
      expect(round).toBeGreaterThanOrEqual(HAND_OVERS_UNTIL_LOOP)
      expect(page).toMatchObject({ status: 400 })
      expect(page.text).toMatch(/cookies.*clock.*app itself/s)
      expect(page.text).toContain('href="/page?x=1"')
      expect(gateway.log()).toContain('"code":"sign_in_loop"')
      return
    }
    throw new Error('nobody stopped it')
  })

  it('that opens many tabs at once is let in by all of them', async () => {
    const browser = createBrowser()
    await signIn(gateway, undefined, browser)
    const paths = Array.from({ length: 3 * HAND_OVERS_UNTIL_LOOP }, (_, tab) => `/tab-${tab}`)
    const pages = await Promise.all(paths.map((path) => browser.open(gateway.admin + path)))
    expect(pages.map(({ status, text }) => [status, text])).toEqual(paths.map((path) => [200, `app saw ${path}`]))
  })

  it('keeps the session of its first tab when a second one comes with a code of the same sign-in', async () => {
    const { browser, url } = await handOver()
    const second = await codeFor(browser, '/second')
    await browser.open(url)
    const cookie = await browser.jar.getCookieString(gateway.admin)
    const page = await browser.open(second)
    expect(page.text).toBe('app saw /second')
    expect(await browser.jar.getCookieString(gateway.admin)).toBe(cookie)
  })
})
