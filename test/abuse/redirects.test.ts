import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { sendRaw, statusOf } from '../support/raw.ts'
import { signIn, signInLink } from '../support/visitor.ts'
import { newcomer } from '../support/openid-provider.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ provider: { claims: newcomer } })
})
afterAll(() => gateway.close())

/** Where attackers want a browser to end. */
const FOREIGN = [
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/%09/evil.example',
  '/\t/evil.example',
  '/%0d%0aLocation:%20https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'javascript:alert(1)',
  'http://login.gw.localhost@evil.example',
  'http://login.gw.localhost:1@evil.example/',
  'http://login.gw.localhost.evil.example',
  'http://evil.example#login.gw.localhost',
  'http://evil.example?hello.gw.localhost',
  'http://evil.example\\.gw.localhost',
]

/** What other gateways and frameworks call it. */
const NAMES = ['rd', 'redirect', 'redirect_uri', 'return_to', 'returnTo', 'next', 'url', 'to', 'continue', 'state']

/** Every host that an answer of ours may send a browser to. */
function ownHosts(): string[] {
  return [gateway.login, gateway.hello, gateway.admin, gateway.docs, gateway.provider.issuer].map(
    (url) => new URL(url).host,
  )
}

/** An answer that leads nowhere stays where it is. */
function expectOwn(location: string | null, base: string): void {
  expect(ownHosts(), String(location)).toContain(new URL(location ?? base, base).host)
}

describe('18: after sign-in nobody is sent', () => {
  it.each(FOREIGN)('to %j, however it is asked for', async (target) => {
    const { browser } = await signIn(gateway)
    const query = new URLSearchParams(NAMES.map((name) => [name, target])).toString()
    for (const address of [
      `${gateway.login}/?${query}`,
      `${gateway.login}/sign-in?${query}`,
      `${gateway.login}/sign-in/acme?${query}`,
      `${gateway.login}/callback/acme?${query}`,
      `${gateway.hello}/.gatewright/hand-over?${query}`,
      `${gateway.hello}/.gatewright/resume?${query}`,
    ]) {
      const page = await browser.open(address, { redirects: 0 })
      expectOwn(page.headers.get('location'), address)
      expect(page.text, address).not.toMatch(/(?:href|action)="[^"?]*evil/)
    }
  })

  /** Asks the app for a line as it is, without a session. */
  async function begin(target: string): Promise<{ answer: string; location: string | undefined }> {
    const line = target.startsWith('/') || target.startsWith('\\') ? target : `/${target}`
    const head = `GET ${line} HTTP/1.1\r\nHost: ${new URL(gateway.hello).host}\r\n`
    const answer = await sendRaw(
      gateway.config.listen.port,
      `${head}Sec-Fetch-Mode: navigate\r\nAccept: text/html\r\n\r\n`,
    )
    return { answer, location: /\r\nlocation: (\S+)/i.exec(answer)?.[1] }
  }

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%09/evil.example',
    '/\t/evil.example',
  ])('to %j by the address that a sign-in was begun at: there is none for it', async (target) => {
    const before = gateway.upstreamRequests.length
    const { answer, location } = await begin(target)
    expect(statusOf(answer)).toBe(400)
    expect(location).toBeUndefined()
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it.each([
    'https:evil.example',
    'http:/evil.example',
    'javascript:alert(1)',
    'x@evil.example',
    'evil.example#x',
    '?//evil.example',
  ])('to %j by the address that a sign-in was begun at: it stays a path of this very host', async (target) => {
    const { answer, location = '' } = await begin(target)
    // A fragment never travels, and is refused where it does.
    const served = !target.includes('#')
    expect(statusOf(answer)).toBe(served ? 302 : 400)
    const browser = createBrowser()
    for (const [, cookie = ''] of answer.matchAll(/\r\nset-cookie: ([^\r]+)/gi)) {
      await browser.jar.setCookie(cookie, gateway.hello)
    }
    const page = served ? await browser.open(signInLink(await browser.open(location))) : { url: gateway.hello }
    expect(new URL(page.url).origin).toBe(gateway.hello)
  })

  it('to another app than the one that asked, by an address that names one', async () => {
    const browser = createBrowser()
    const { page } = await signIn(gateway, `${gateway.hello}/${gateway.admin}/`.replace('//admin', '/admin'), browser)
    expect(new URL(page.url).origin).toBe(gateway.hello)
  })
})

describe('19: after sign-out nobody is sent', () => {
  it.each(FOREIGN)('to %j, however it is asked for', async (target) => {
    const { browser } = await signIn(gateway)
    const names = [...NAMES, 'post_logout_redirect_uri', 'logout_hint', 'id_token_hint']
    const query = new URLSearchParams(names.map((name) => [name, target])).toString()
    for (const address of [
      `${gateway.login}/sign-out?${query}`,
      `${gateway.login}/signed-out?${query}`,
      `${gateway.hello}/.gatewright/sign-out?${query}`,
      `${gateway.hello}/.gatewright/signed-out?${query}`,
    ]) {
      const page = await browser.open(address, { redirects: 0 })
      expectOwn(page.headers.get('location'), address)
      expect(page.text, address).not.toMatch(/(?:href|action)="[^"?]*evil/)
      expect(page.headers.get('content-security-policy')).not.toContain('evil')
      expect(page.headers.get('content-security-policy')).not.toContain('*')
    }
  })

  it.each(FOREIGN)('to %j by the form that signs out', async (target) => {
    for (const base of [gateway.login, gateway.hello]) {
      const { browser } = await signIn(gateway)
      const path = base === gateway.login ? '/sign-out' : '/.gatewright/sign-out'
      const fields = Object.fromEntries([...NAMES, 'post_logout_redirect_uri'].map((name) => [name, target]))
      const page = await browser.open(`${base}${path}?${new URLSearchParams(fields).toString()}`, {
        method: 'POST',
        headers: { origin: base, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...fields, scope: 'everything' }).toString(),
        redirects: 0,
      })
      const location = new URL(page.headers.get('location') ?? '', base)
      expect([gateway.provider.issuer, base, gateway.login]).toContain(location.origin)
      expect(location.searchParams.get('post_logout_redirect_uri') ?? `${gateway.login}/signed-out`).toBe(
        `${gateway.login}/signed-out`,
      )
    }
  })
})
