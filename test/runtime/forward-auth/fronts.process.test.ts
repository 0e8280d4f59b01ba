import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { sendRaw, statusOf } from '../../support/raw.ts'
import { signIn } from '../../support/visitor.ts'
import { type Front, type FrontName, SECRET, startFront } from './front.ts'

const FRONTS: FrontName[] = ['nginx', 'caddy', 'haproxy']

const MANY_GROUPS = Array.from({ length: 150 }, (_, index) => `department-of-number-${index}`)

/** What a client adds that wants to be somebody, or to have another request judged. */
const FORGED = {
  'X-Gatewright-Assertion': 'forged',
  'X-Pomerium-Jwt-Assertion': 'forged',
  'X-WEBAUTH-USER': 'forged',
  'X-Forwarded-Uri': '/public',
  'X-Forwarded-Method': 'OPTIONS',
  'X-Forwarded-Host': 'forged.acme.com',
  'X-Forwarded-For': '203.0.113.9',
}

describe.each(FRONTS)('%s as the documentation sets it up', (name) => {
  let front: Front
  let browser: Awaited<ReturnType<typeof signIn>>['browser']
  beforeAll(async () => {
    front = await startFront(name)
    browser = (await signIn(front.gateway, `${front.origin}/`)).browser
  })
  afterAll(() => front.close())

  const last = () => front.reachedApp.at(-1)?.headers ?? {}
  const raw = (target: string, headers = '') =>
    sendRaw(
      front.port,
      `GET ${target} HTTP/1.1\r\nHost: ${new URL(front.origin).host}\r\n${headers}Connection: close\r\n\r\n`,
    )
  /** Says that nothing reached the app meanwhile. */
  async function expectUnseen(status: number, ask: () => Promise<number>): Promise<void> {
    const before = front.reachedApp.length
    expect(await ask()).toBe(status)
    expect(front.reachedApp).toHaveLength(before)
  }

  it('sends a browser to sign in and back to the deep link, and tells the app who it is', async () => {
    const visit = await signIn(front.gateway, `${front.origin}/deep/link?a=1&b=%20c`)
    expect(visit.page.url).toBe(`${front.origin}/deep/link?a=1&b=%20c`)
    expect(visit.page.text).toBe('app saw /deep/link?a=1&b=%20c')
    expect(last()['x-gatewright-assertion']).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(last()['x-webauth-user']).toBe('alice@acme.example')
  })

  it('passes a body on, and the method that was asked about', async () => {
    const page = await browser.open(`${front.origin}/form`, { method: 'POST', body: 'a=b' })
    expect([page.status, front.reachedApp.at(-1)?.method]).toEqual([200, 'POST'])
  })

  it('leaves the app none of what the client says to be, signed in or not', async () => {
    await browser.open(`${front.origin}/forged`, { headers: FORGED })
    expect(last()['x-webauth-user']).toBe('alice@acme.example')
    await createBrowser().open(`${front.origin}/public/forged`, { headers: FORGED })
    expect(front.reachedApp.at(-1)?.url).toBe('/public/forged')
    expect(last()['x-gatewright-assertion'] ?? '').toBe('')
    for (const { rawHeaders } of front.reachedApp) expect(rawHeaders.join('\n')).not.toContain('forged')
  })

  it.each(['X_Gatewright_Assertion', 'x_webauth_user', 'X.Webauth.User'])('lets no %s through', async (alias) => {
    await browser.open(`${front.origin}/alias`, { headers: { [alias]: 'alias-value' } })
    for (const { rawHeaders } of front.reachedApp) expect(rawHeaders.join('\n')).not.toContain('alias-value')
  })

  it('loses no identity header to a Connection that names it', async () => {
    const named = 'close, X-Gatewright-Assertion, X-WEBAUTH-USER'
    await browser.open(`${front.origin}/named`, { headers: { connection: named } })
    expect(front.reachedApp.at(-1)?.url).toBe('/named')
    expect(last()['x-webauth-user']).toBe('alice@acme.example')
  })

  it('shows the app no cookie and no secret of the gateway', async () => {
    await browser.jar.setCookie('theme=dark; Path=/', front.origin)
    await browser.open(`${front.origin}/cookies`)
    expect(last().cookie).toBe('theme=dark')
    for (const { rawHeaders } of front.reachedApp) expect(rawHeaders.join('\n')).not.toMatch(/__Host-gatewright/)
    for (const { rawHeaders } of front.reachedApp) expect(rawHeaders.join('\n')).not.toContain(SECRET)
    expect(front.gateway.log()).not.toContain(SECRET)
  })

  it('has room for what a browser and an assertion can be', async () => {
    const theirs = `big=${'x'.repeat(3_500)}`
    const { person } = front.gateway.provider.behaviour
    front.gateway.provider.behaviour.person = {
      ...person,
      sub: 'of-many-groups',
      email: 'of-many-groups@acme.example',
      groups: ['staff', ...MANY_GROUPS],
    }
    const { browser: member } = await signIn(front.gateway, `${front.origin}/`)
    front.gateway.provider.behaviour.person = person
    await member.jar.setCookie(`${theirs}; Path=/`, front.origin)
    expect((await member.open(`${front.origin}/big`)).text).toBe('app saw /big')
    expect(last().cookie).toBe(theirs)
    expect(last()['x-gatewright-assertion']?.length).toBeGreaterThan(3_000)
  })

  it('passes the app’s own Authorization on', async () => {
    await browser.open(`${front.origin}/basic`, { headers: { authorization: 'Basic eDp5' } })
    expect(last().authorization).toBe('Basic eDp5')
  })

  it('answers 403 to somebody who may not pass', () =>
    expectUnseen(403, async () => (await browser.open(`${front.origin}/denied`)).status))

  it('answers 401 to a program that shows nothing', () =>
    expectUnseen(401, async () => {
      const page = await createBrowser().open(`${front.origin}/api`, { headers: { 'sec-fetch-mode': 'cors' } })
      expect(page.headers.get('www-authenticate')).toBe('Gatewright')
      expect(page.headers.get('location')).toBeNull()
      return page.status
    }))

  it('is not led to a public rule by what the client says was asked for', () =>
    expectUnseen(302, async () => statusOf(await raw('/admin', 'Accept: text/html\r\nX-Forwarded-Uri: /public/a\r\n'))))

  it.each([
    '/public/../admin',
    '/public/%2e%2e/admin',
    '/public/.%2E/admin',
    '/public/..%2fadmin',
    '/public/..;/admin',
    '/public%2f..%2fadmin',
    '/public/..%5cadmin',
    '//public/a',
    '/public//a',
    '/public/%61',
    '/public/%00',
    '/.gatewright/../admin',
  ])('reads %s no other way than the gateway', (target) =>
    expectUnseen(name === 'haproxy' && target.startsWith('/.') ? 400 : statusFor(name, target), async () =>
      statusOf(await raw(target)),
    ),
  )

  it('does not judge by the rule of a host that it does not serve', async () => {
    const { host: own } = new URL(front.origin)
    const host = own.replace('hello', 'open')
    const before = front.reachedApp.length
    for (const [target, named] of [
      ['/admin', host],
      [`http://${host}/admin`, host],
      [`http://${own}/admin`, host],
      [`http://${host}/admin`, own],
    ]) {
      await sendRaw(front.port, `GET ${target} HTTP/1.1\r\nHost: ${named}\r\nConnection: close\r\n\r\n`)
    }
    expect(front.reachedApp).toHaveLength(before)
  })

  it('opens a WebSocket for its own pages alone', async () => {
    const handshake = (origin: string) =>
      raw('/public/live', `${WEBSOCKET}Origin: ${origin}\r\n`.replace('Connection: Upgrade\r\n', '')).then(statusOf)
    const open = (origin: string) =>
      sendRaw(
        front.port,
        `GET /public/live HTTP/1.1\r\nHost: ${new URL(front.origin).host}\r\n${WEBSOCKET}Origin: ${origin}\r\n\r\n`,
      ).then(statusOf)
    expect(await open('https://evil.example')).toBe(403)
    expect(await handshake('https://evil.example')).toBe(403)
    expect(front.gateway.handshakes()).toBe(0)
    expect(await open(front.origin)).toBe(101)
    expect(front.gateway.handshakes()).toBe(1)
  })

  it('does not let strangers ask the gateway through it', () =>
    expectUnseen(404, async () =>
      statusOf(
        await raw(
          '/.gatewright/verify',
          `X-Gatewright-Forward-Auth: ${SECRET}\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Uri: /public\r\n`,
        ),
      ),
    ))

  it('asks to sign in again after somebody signed out', async () => {
    const { browser: leaving } = await signIn(front.gateway, `${front.origin}/`)
    await leaving.open(`${front.origin}/.gatewright/sign-out`, { method: 'POST', headers: { origin: front.origin } })
    await expectUnseen(302, async () => {
      const page = await leaving.open(`${front.origin}/again`, { redirects: 0 })
      expect(page.headers.get('location')).toBe(`${front.origin}/.gatewright/sign-in?return=%2Fagain`)
      return page.status
    })
  })
})

const WEBSOCKET =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

/** What never gets as far as the gateway. */
function statusFor(name: FrontName, target: string): number {
  if (name === 'nginx' && target.includes('%00')) return 400
  return 403
}

it.each(FRONTS)('%s without the right secret lets nobody through', async (name) => {
  const front = await startFront(name, { secret: 'another' })
  onTestFinished(() => front.close())
  for (const path of ['/', '/public/a']) {
    expect((await createBrowser().open(`${front.origin}${path}`)).status).toBeGreaterThanOrEqual(400)
  }
  expect(front.reachedApp).toEqual([])
})

it.each(FRONTS)('%s lets nobody through when the gateway does not answer', async (name) => {
  const front = await startFront(name, { gateway: '127.0.0.1:9' })
  onTestFinished(() => front.close())
  expect((await createBrowser().open(`${front.origin}/public/a`)).status).toBeGreaterThanOrEqual(500)
  expect(front.reachedApp).toEqual([])
})
