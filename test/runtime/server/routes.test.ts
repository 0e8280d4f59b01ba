import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { RouteConfig, RuntimeConfig } from '../../../runtime/config.ts'
import { createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { signIn, signInLink } from '../../support/visitor.ts'
import { newcomer } from '../../support/openid-provider.ts'

const SESSION = '__Host-gatewright-session'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ config: addRoutes })
})
beforeEach(() => {
  const { person } = gateway.provider.behaviour
  // Somebody else each time: sign-ins of one account are limited.
  gateway.provider.behaviour.person = { ...newcomer(person), groups: ['staff'] }
  gateway.provider.behaviour.claims = (claims) => claims
})
afterAll(() => gateway.close())

/** Routes besides the usual ones: more of them at the host of `hello`, and a wildcard. */
function addRoutes({ routes }: RuntimeConfig): void {
  const { hello, docs } = routes
  if (!hello || !docs) throw new Error('no such routes')
  const add = (id: string, base: RouteConfig, change: Partial<RouteConfig>): void => {
    routes[id] = { ...structuredClone(base), ...change }
  }
  const wildcard = hello.from.replace('hello', '*.apps')
  add('hello-admin', hello, { path: { prefix: '/admin' }, access: { allow: '"admins" in user.groups' } })
  add('hello-secret', hello, { path: { exact: '/secret' }, access: { allow: '"admins" in user.groups' } })
  add('hello-strong', hello, { path: { prefix: '/strong' }, signIn: { acr: ['urn:strong'] } })
  add('hello-open', hello, {
    path: { prefix: '/open' },
    publicPaths: [{ path: { prefix: '/open/assets' }, reason: 'pictures' }],
    corsPreflight: true,
  })
  add('hello-lenient', hello, { path: { prefix: '/lenient' }, allowEncodedSlash: true })
  add('hello-api', hello, { path: { prefix: '/api' }, action: { ...forward(hello), rewrite: { prefix: '/v2' } } })
  add('hello-moved', hello, {
    path: { prefix: '/old' },
    action: { kind: 'redirect', status: 308, path: { prefix: '/new' }, keepQuery: true },
  })
  add('robots', hello, {
    path: { exact: '/robots.txt' },
    access: { public: 'robots' },
    action: { kind: 'respond', status: 200, contentType: 'text/plain', body: 'Disallow: /' },
  })
  add('apps', hello, { from: wildcard })
  add('apps-only', docs, { from: wildcard, path: { prefix: '/.well-known' } })
  add('part', hello, { from: hello.from.replace('hello', 'part'), path: { prefix: '/part' } })
}

function forward({ action }: RouteConfig) {
  if (action.kind !== 'forward') throw new Error('no app')
  return action
}

const app = (name: string): string => gateway.hello.replace('hello', `${name}.apps`)
/** What the app was asked for since. */
const asked = (since: number): (string | undefined)[] => gateway.upstreamRequests.slice(since).map(({ url }) => url)

describe('several routes at one host', () => {
  it('share a session, and each has a rule of its own', async () => {
    const { browser, page } = await signIn(gateway)
    expect(page.status).toBe(200)
    const before = gateway.upstreamRequests.length
    const denied = await browser.open(`${gateway.hello}/admin/users`)
    expect(denied.status).toBe(403)
    expect(denied.text).toContain('admins')
    expect((await browser.open(`${gateway.hello}/open/x`, { redirects: 0 })).status).toBe(200)
    expect((await browser.open(`${gateway.hello}/administrators`, { redirects: 0 })).status).toBe(200)
    expect(asked(before)).toEqual(['/open/x', '/administrators'])
  })

  it('ask for a sign-in that fits the route, and go on with it at the others', async () => {
    const { browser } = await signIn(gateway)
    gateway.provider.behaviour.claims = (claims) => ({ ...claims, acr: 'urn:strong' })
    const page = await browser.open(`${gateway.hello}/strong/x?q=1`)
    expect(page).toMatchObject({ status: 200, text: 'app saw /strong/x?q=1' })
    expect(gateway.provider.authorizationRequests.at(-1)?.get('acr_values')).toBe('urn:strong')
    expect((await browser.open(`${gateway.hello}/`, { redirects: 0 })).status).toBe(200)
  })

  it('let a program in after a sign-in that fits the route that it names', async () => {
    const { browser } = await signIn(gateway)
    const before = gateway.provider.authorizationRequests.length
    const query = new URLSearchParams({
      redirect_uri: 'http://127.0.0.1:1/done',
      state: 'state-1',
      code_challenge: 'A'.repeat(43),
      code_challenge_method: 'S256',
    })
    expect((await browser.open(`${gateway.hello}/.gatewright/cli?${query.toString()}`)).text).toContain(
      'name="decision"',
    )
    expect(gateway.provider.authorizationRequests.length).toBe(before)
    query.set('path', '/strong/x')
    gateway.provider.behaviour.claims = (claims) => ({ ...claims, acr: 'urn:strong' })
    const page = await browser.open(`${gateway.hello}/.gatewright/cli?${query.toString()}`)
    expect(page.text).toContain('name="decision"')
    expect(page.text).toContain('value="/strong/x"')
    expect(gateway.provider.authorizationRequests.at(-1)?.get('acr_values')).toBe('urn:strong')
  })

  it('have one sign-out', async () => {
    const { browser } = await signIn(gateway)
    await browser.open(`${gateway.hello}/open/x`)
    const headers = { origin: gateway.hello, 'content-type': 'application/x-www-form-urlencoded' }
    const form = { method: 'POST', headers, body: 'scope=app', redirects: 0 }
    expect((await browser.open(`${gateway.hello}/.gatewright/sign-out`, form)).status).toBe(303)
    expect(await browser.jar.getCookies(gateway.hello)).not.toContainEqual(expect.objectContaining({ key: SESSION }))
    expect((await browser.open(`${gateway.hello}/open/x`, { redirects: 0 })).status).toBe(302)
  })

  it('may leave paths to nobody', async () => {
    const page = await createBrowser().open(`${gateway.hello.replace('hello', 'part')}/elsewhere`)
    expect(page.status).toBe(404)
    expect(gateway.log()).toContain('no route has this path')
  })
})

describe('a path that less careful servers read as another route’s', () => {
  it.each([
    '/admin;x',
    '/%2561dmin/x',
    '/%2Fadmin',
    '//admin',
    '/open;x/assets/y',
    '/open/assets;/x',
    '/lenient/..%2Fadmin',
    '/lenient/%2F..%2Fadmin',
    '/lenient%2F..%2Fadmin/x',
    '/ADMIN/x',
    '/admin./x',
    '/admin%20/x',
    '/secret/',
    '/Secret',
  ])('%s is refused, whoever asks', async (path) => {
    const { browser } = await signIn(gateway)
    const before = gateway.upstreamRequests.length
    expect((await browser.open(gateway.hello + path, { redirects: 0 })).status).toBe(400)
    expect((await createBrowser().open(gateway.hello + path, { redirects: 0 })).status).toBe(400)
    expect(asked(before)).toEqual([])
  })

  it('is none where it is in another spelling of its own route, or of one for everybody', async () => {
    const { browser } = await signIn(gateway)
    for (const path of ['/Readme.MD', '/api/Users/', '/Robots.txt', '/Administrators/']) {
      expect((await browser.open(gateway.hello + path, { redirects: 0 })).status, path).toBe(200)
    }
    expect((await browser.open(`${gateway.hello}/secret`, { redirects: 0 })).status).toBe(403)
  })

  it('is none where an encoded slash stays within its route, which allows it', async () => {
    const { browser } = await signIn(gateway)
    const page = await browser.open(`${gateway.hello}/lenient/a%2Fb//c`, { redirects: 0 })
    expect(page.text).toBe('app saw /lenient/a%2Fb//c')
    expect((await browser.open(`${gateway.hello}/open/a%2Fb`, { redirects: 0 })).status).toBe(400)
  })
})

describe('a route', () => {
  it('asks its app by another prefix, and sees its rule by the first', async () => {
    const { browser } = await signIn(gateway)
    expect((await browser.open(`${gateway.hello}/api/users?q=/api`)).text).toBe('app saw /v2/users?q=/api')
    expect((await browser.open(`${gateway.hello}/api`)).text).toBe('app saw /v2')
  })

  it('redirects who may pass, to an address that no Host takes part in', async () => {
    const { browser } = await signIn(gateway)
    const before = gateway.upstreamRequests.length
    const page = await browser.open(`${gateway.hello}/old/x?q=1`, { redirects: 0 })
    expect(page.status).toBe(308)
    expect(page.headers.get('location')).toBe(`${gateway.hello}/new/x?q=1`)
    expect(page.headers.get('cache-control')).toBe('no-store')
    const stranger = await createBrowser().open(`${gateway.hello}/old/x`, { redirects: 0 })
    expect(stranger.headers.get('location')).toContain('/sign-in?')
    expect(asked(before)).toEqual([])
  })

  it('answers by itself, whatever the method', async () => {
    const browser = createBrowser()
    const before = gateway.upstreamRequests.length
    for (const method of ['GET', 'POST', 'DELETE']) {
      const page = await browser.open(`${gateway.hello}/robots.txt`, { method, redirects: 0 })
      expect(page).toMatchObject({ status: 200, text: 'Disallow: /' })
      expect(page.headers.get('content-type')).toBe('text/plain')
    }
    const head = await browser.open(`${gateway.hello}/robots.txt`, { method: 'HEAD', redirects: 0 })
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers.get('content-length')).toBe('11')
    expect(asked(before)).toEqual([])
  })
})

describe('what is open of a protected route', () => {
  const stranger = {
    redirects: 0,
    headers: { accept: '*/*', 'sec-fetch-mode': 'cors', x_gatewright_assertion: 'forged' },
  }

  it('is what it says and no more, and the app is told of nobody', async () => {
    const browser = createBrowser()
    const before = gateway.upstreamRequests.length
    expect((await browser.open(`${gateway.hello}/open/assets/a.png`, stranger)).status).toBe(200)
    for (const path of ['/open', '/open/assetsX', '/open/x?/open/assets', '/open/x%23/open/assets', '/assets/a.png']) {
      expect((await browser.open(gateway.hello + path, stranger)).status).toBe(401)
    }
    expect(asked(before)).toEqual(['/open/assets/a.png'])
    expect(
      Object.keys(gateway.upstreamRequests.at(-1)?.headers ?? {}).filter((name) => /gatewright|cookie/.test(name)),
    ).toEqual([])
  })

  it('is a CORS preflight where the route says so, and nothing that only looks like one', async () => {
    const browser = createBrowser()
    const preflight = { ...stranger.headers, origin: 'https://page.example', 'access-control-request-method': 'PUT' }
    const before = gateway.upstreamRequests.length
    const ask = (path: string, method: string, headers: Record<string, string>) =>
      browser.open(gateway.hello + path, { method, headers, redirects: 0 })
    expect((await ask('/open/x', 'OPTIONS', preflight)).status).toBe(200)
    expect((await ask('/open/x', 'GET', preflight)).status).toBe(401)
    expect((await ask('/open/x', 'OPTIONS', { ...stranger.headers, origin: 'https://page.example' })).status).toBe(401)
    expect(
      (await ask('/open/x', 'OPTIONS', { ...stranger.headers, 'access-control-request-method': 'PUT' })).status,
    ).toBe(401)
    expect((await ask('/api/x', 'OPTIONS', preflight)).status).toBe(401)
    expect(asked(before)).toEqual(['/open/x'])
    expect(gateway.upstreamRequests.at(-1)?.rawHeaders.join(' ')).not.toMatch(/gatewright|forged/i)
  })
})

describe('a wildcard', () => {
  it('gives each host a session of its own by the hand-over, and comes back to the very host', async () => {
    const browser = createBrowser()
    const page = await browser.open(signInLink(await browser.open(`${app('a')}/page?x=1`)))
    expect(page).toMatchObject({ status: 200, url: `${app('a')}/page?x=1`, text: 'app saw /page?x=1' })
    const before = gateway.provider.authorizationRequests.length
    const [cookie] = await browser.jar.getCookies(app('a'))
    const stolen = await createBrowser().open(`${app('b')}/`, {
      headers: { cookie: `${SESSION}=${cookie?.value}` },
      redirects: 0,
    })
    expect(stolen.status).toBe(302)
    expect((await browser.open(`${app('b')}/other`)).url).toBe(`${app('b')}/other`)
    expect(gateway.provider.authorizationRequests.length).toBe(before)
  })

  it('takes no code of another of its hosts', async () => {
    const { browser } = await signIn(gateway)
    const challenged = await browser.open(`${app('a')}/`, { redirects: 0 })
    const issued = await browser.open(challenged.headers.get('location') ?? '', { redirects: 0 })
    const code = issued.headers.get('location') ?? ''
    expect(code.startsWith(`${app('a')}/.gatewright/hand-over?`)).toBe(true)
    await browser.open(`${app('b')}/`, { redirects: 0 })
    const refused = await browser.open(code.replace(app('a'), app('b')), { redirects: 0 })
    expect(refused.status).toBe(400)
    expect(refused.headers.get('set-cookie') ?? '').not.toContain(SESSION)
  })

  it('has routes that belong to all its hosts, and no host beyond one label', async () => {
    const browser = createBrowser()
    expect((await browser.open(`${app('c')}/.well-known/x`, { redirects: 0 })).text).toBe('app saw /.well-known/x')
    expect((await browser.open(`${app('a.b')}/.well-known/x`, { redirects: 0 })).status).toBe(421)
    const bare = gateway.hello.replace('hello', 'apps')
    expect((await browser.open(`${bare}/.well-known/x`, { redirects: 0 })).status).toBe(421)
  })

  it('sends nobody back to a host that it has no more', async () => {
    const { browser } = await signIn(gateway)
    const challenged = await browser.open(`${app('a')}/`, { redirects: 0 })
    await gateway.reload(({ routes }) => {
      delete routes['apps']
      delete routes['apps-only']
    })
    const issued = await browser.open(challenged.headers.get('location') ?? '', { redirects: 0 })
    expect(issued.headers.get('location') ?? '').not.toContain('apps')
    await gateway.reload(() => undefined)
  })
})
