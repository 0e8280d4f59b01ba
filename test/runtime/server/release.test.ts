import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { signIn } from '../../support/visitor.ts'
import { brandAt } from '../../support/release.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

function twoBrands({ brands, routes }: RuntimeConfig): void {
  const { hello, docs } = routes
  brands['other'] = { ...brands['default']!, url: brands['default']!.url.replace('login', 'other') }
  Object.assign(docs!, { from: hello!.from, path: { prefix: '/docs' }, brand: 'other' })
}

describe('a new release', () => {
  it('is in force for the next request, and sessions go on', async () => {
    const { browser } = await signIn(gateway)
    await gateway.reload((config) => {
      config.routes['hello']!.access = { allow: '"admins" in user.groups' }
    })
    expect((await browser.open(`${gateway.hello}/`)).status).toBe(403)
    await gateway.reload(() => undefined)
    expect((await browser.open(`${gateway.hello}/`)).status).toBe(200)
  })

  it.each<[string, (config: RuntimeConfig) => void, string]>([
    ['with a broken rule', (c) => (c.routes['hello']!.access = { allow: 'user.grups' }), 'grups'],
    ['without a registration', (c) => (c.registrations = {}), 'acme has no registration'],
    [
      'with a secret that is not there',
      (c) => (c.registrations['acme']![0]!.name = 'x'),
      'client-secret.acme.x is missing',
    ],
    ['with a key that is not there', (c) => (c.keys.signing = ['k2']), 'signing-key.k2 is missing'],
    ['with two sites at one host', (c) => (c.routes['hello']!.from = c.routes['docs']!.from), 'has this path of'],
    ['with an app at the login host', (c) => (c.routes['hello']!.from = c.brands['default']!.url), 'two sites claim'],
    ['with two brands at one host', twoBrands, 'belongs to another brand'],
    ['with a route of no brand', (c) => (c.routes['hello']!.brand = 'nobody'), 'there is no nobody'],
    ['with a field that nobody knows', (c) => Object.assign(c, { debug: true }), 'debug'],
    ['with another address', (c) => (c.listen.port = 1), 'restart'],
  ])('%s is refused, and the old one stays', async (_, change, message) => {
    await expect(gateway.reload(change)).rejects.toThrow(message)
    expect((await signIn(gateway)).page.status).toBe(200)
  })

  it('closes a host whose route is gone', async () => {
    await gateway.reload((config) => delete config.routes['docs'])
    expect((await createBrowser().open(`${gateway.docs}/`)).status).toBe(421)
    await gateway.reload(() => undefined)
    expect((await createBrowser().open(`${gateway.docs}/`)).status).toBe(200)
  })
})

describe('brands', () => {
  it('do not share sessions: who is signed in at one is nobody at the other', async () => {
    const other = await startTestGateway({
      config(config) {
        const { port } = config.listen
        const url = `http://login.other.localhost:${port}`
        config.brands['other'] = { ...brandAt(url, ['acme']), name: 'Other' }
        config.routes['admin']!.brand = 'other'
        config.routes['admin']!.access = { allow: 'true' }
      },
    })
    try {
      const { browser, page } = await signIn(other)
      expect(page.status).toBe(200)
      const foreign = await browser.open(`${other.admin}/`)
      expect(foreign.url).toContain('http://login.other.localhost')
      expect(foreign.text).toContain('Login with Acme')

      const cookie = (await browser.jar.getCookies(other.login)).find(({ key }) => key.endsWith('-session'))
      const thief = createBrowser()
      for (const origin of [other.admin, new URL(foreign.url).origin]) {
        await thief.jar.setCookie(`${cookie?.key}=${cookie?.value}; Path=/; Secure`, origin)
        expect((await thief.open(`${origin}/`)).text).toContain('Login with Acme')
      }

      const challenged = await browser.open(`${other.hello}/x`, { redirects: 0, headers: { cookie: '' } })
      const request = new URL(challenged.headers.get('location') ?? '').search
      expect((await browser.open(`${new URL(foreign.url).origin}/sign-in${request}`)).status).toBe(400)
    } finally {
      await other.close()
    }
  })
})

describe('a route that names its providers', () => {
  it('does not accept the session of another', async () => {
    const strict = await startTestGateway({
      config(config) {
        config.identityProviders['second'] = {
          ...config.identityProviders['acme']!,
          name: 'Second',
          buttonText: 'Second',
        }
        config.registrations['second'] = [{ name: 'first', clientId: 'second-client' }]
        config.brands['default']!.identityProviders = ['acme', 'second']
        config.routes['admin']!.identityProviders = ['second']
        config.routes['admin']!.access = { allow: 'true' }
      },
    })
    try {
      const { browser } = await signIn(strict)
      const page = await browser.open(`${strict.admin}/`)
      expect(page.text).toContain('href="/sign-in/second')
      expect(page.text).not.toContain('href="/sign-in/acme')
    } finally {
      await strict.close()
    }
  })
})
