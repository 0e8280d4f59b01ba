import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'

import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

import type { RouteConfig, RuntimeConfig } from '../../../runtime/config.ts'
import { createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { signIn } from '../../support/visitor.ts'

const SECRET = 'c2VjcmV0LW9mLXRoZS1wcm94eS1pbi1mcm9udA'
const TOKEN = `gws_robot_first_${randomBytes(32).toString('base64url')}`
const SECRETS = { 'forward-auth-secret': SECRET }

let gateway: TestGateway
/** Of somebody in staff. */
let cookie: string
let wiki: string
beforeAll(async () => {
  gateway = await startTestGateway({ config: addWiki, secrets: SECRETS })
  wiki = new URL(gateway.config.routes['wiki']?.from ?? '').host
  // Its session is there before the proxy: the gateway serves `/.gatewright/` of the host.
  const { browser } = await signIn(gateway, `http://${wiki}/.gatewright/sign-in?return=%2Fnext`)
  cookie = await browser.jar.getCookieString(`http://${wiki}/`)
})
afterAll(() => gateway.close())

function addWiki(config: RuntimeConfig): void {
  const { hello } = config.routes
  if (!hello) throw new Error('no such route')
  const base: RouteConfig = { ...hello, action: { kind: 'forward_auth' } }
  const from = hello.from.replace('hello', 'wiki')
  config.forwardAuth = true
  config.trustedProxies = ['127.0.0.1/32']
  config.routes['wiki'] = {
    ...base,
    from,
    publicPaths: [{ path: { prefix: '/public' }, reason: 'documentation' }],
    corsPreflight: true,
    websocketOrigins: ['https://console.acme.com'],
    identity: { ...hello.identity, headers: { 'X-User': 'email', 'X-Department': 'department' } },
  }
  config.routes['wiki-admin'] = {
    ...base,
    from,
    path: { prefix: '/admin' },
    access: { allow: '"admins" in user.groups' },
  }
  config.routes['wiki-near'] = {
    ...base,
    from,
    path: { prefix: '/near' },
    access: { allow: 'request.ip == "192.0.2.7"' },
  }
  const hash = createHash('sha256').update(TOKEN).digest('base64url')
  const tokens = [{ name: 'first', hash, expiresAt: Date.now() + 60_000 }]
  config.serviceAccounts = { robot: { name: 'Robot', groups: ['staff'], routes: ['wiki'], tokens } }
}

interface Asked {
  method?: string
  path?: string
  headers?: Record<string, string | string[]>
  to?: TestGateway
  body?: string
}

/** Sends a request to the gateway, by whatever host. */
async function send({ method = 'GET', path = '/.gatewright/verify', headers = {}, to = gateway, body }: Asked) {
  const { port } = new URL(to.login)
  const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }).end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** Asks as a proxy does that has the secret. */
const ask = (target: string, headers: Record<string, string | string[]> = {}, asked: Asked = {}) =>
  send({
    ...asked,
    headers: {
      'x-gatewright-forward-auth': SECRET,
      'x-forwarded-method': 'GET',
      'x-forwarded-host': wiki,
      'x-forwarded-uri': target,
      ...headers,
    },
  })

describe('a proxy that asks', () => {
  it('is told who is there, with an empty body, at whatever host it asks', async () => {
    for (const host of ['gateway:8080', new URL(gateway.login).host, new URL(gateway.hello).host]) {
      const { status, headers, body } = await ask('/page?q=1', { host, cookie })
      expect([status, body, headers['content-length'], headers['cache-control']]).toEqual([200, '', '0', 'no-store'])
      expect(decodeJwt(String(headers['x-gatewright-assertion']))).toMatchObject({
        iss: gateway.login,
        aud: `http://${wiki}`,
        email: 'alice@acme.example',
      })
      expect(headers).toMatchObject({
        'x-user': 'alice@acme.example',
        'x-department': '',
        'x-pomerium-jwt-assertion': '',
        cookie: '',
        authorization: '',
      })
    }
  })

  it('gets every header empty for a public path, where nobody is asked who they are', async () => {
    const { status, headers } = await ask('/public/a', { cookie, 'x-user': 'mallory', 'x-gatewright-assertion': 'x' })
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'x-gatewright-assertion': '', 'x-user': '', 'x-department': '' })
  })

  it('is told where a browser signs in, with 401 or as a redirect', async () => {
    const location = `http://${wiki}/.gatewright/sign-in?return=${encodeURIComponent('/deep?a=1&b=%20')}`
    const accept = { accept: 'text/html' }
    const unauthorized = await ask('/deep?a=1&b=%20', accept)
    expect([unauthorized.status, unauthorized.headers.location, unauthorized.body]).toEqual([401, location, ''])
    const redirected = await ask('/deep?a=1&b=%20', accept, { path: '/.gatewright/verify-or-redirect' })
    expect([redirected.status, redirected.headers.location, redirected.body]).toEqual([302, location, ''])
  })

  it.each([
    ['a program', 'GET', { accept: 'application/json' }],
    ['a form', 'POST', { accept: 'text/html' }],
    ['a script of a page', 'GET', { accept: 'text/html', 'sec-fetch-mode': 'cors' }],
    ['a WebSocket', 'GET', { accept: 'text/html', 'sec-websocket-key': 'x' }],
  ])('is answered 401 about %s, and no address', async (_, method, headers) => {
    for (const path of ['/.gatewright/verify', '/.gatewright/verify-or-redirect']) {
      const answer = await ask('/deep', { ...headers, 'x-forwarded-method': method }, { path })
      expect([answer.status, answer.headers.location, answer.body]).toEqual([401, undefined, ''])
      expect(answer.headers['www-authenticate']).toBe('Gatewright')
    }
  })

  it.each([
    ['a rule that is not met', '/admin/x', {}],
    ['a path beside its one spelling', '/%70age', {}],
    ['small letters in an escape', '/%c3%a9', {}],
    ['dot segments', '/public/../admin', {}],
    ['encoded dots', '/public/%2e%2e/admin', {}],
    ['an encoded slash', '/public%2fadmin', {}],
    ['two slashes', '//public', {}],
    ['a fragment', '/public#/admin', {}],
    ['a whole URL', 'http://wiki.gw.localhost/public', {}],
    ['the gateway’s own pages', '/.gatewright/sign-out', {}],
    ['an unknown host', '/', { 'x-forwarded-host': 'nowhere.acme.com' }],
    ['no host', '/', { 'x-forwarded-host': 'a b' }],
    ['the login host', '/', { 'x-forwarded-host': 'LOGIN' }],
    ['a route that the gateway passes on itself', '/', { 'x-forwarded-host': 'HELLO' }],
    ['two addresses', '/', { 'x-forwarded-uri': ['/public', '/public'] }],
    ['a rival address', '/public', { 'x-original-url': '/public' }],
    ['a look-alike', '/public', { x_gatewright_assertion: 'forged' }],
    ['a look-alike of a claim', '/public', { 'x.user': 'mallory' }],
    ['a WebSocket from elsewhere', '/', { upgrade: 'websocket', origin: 'https://evil.example' }],
    ['a WebSocket from nowhere', '/', { 'sec-websocket-key': 'x' }],
  ])('is answered 403 about %s', async (_, target, headers) => {
    const hosts: Record<string, string> = { LOGIN: new URL(gateway.login).host, HELLO: new URL(gateway.hello).host }
    const named = Object.entries(headers).map(([name, value]) => [name, hosts[String(value)] ?? value])
    const answer = await ask(target, { cookie, accept: 'text/html', ...Object.fromEntries(named) })
    expect([answer.status, answer.body, answer.headers.location]).toEqual([403, '', undefined])
    expect(answer.headers).not.toHaveProperty('x-gatewright-assertion')
  })

  it.each([`http://WIKI`, 'https://console.acme.com'])('lets a WebSocket of %s open', async (origin) => {
    const answer = await ask('/', { cookie, 'sec-websocket-key': 'x', origin: origin.replace('WIKI', wiki) })
    expect(answer.status).toBe(200)
  })

  it('lets a preflight pass where the app answers it', async () => {
    const preflight = { origin: 'https://a.example', 'access-control-request-method': 'PUT' }
    expect((await ask('/api', { ...preflight, 'x-forwarded-method': 'OPTIONS' })).status).toBe(200)
    expect((await ask('/api', preflight)).status).toBe(401)
  })

  it('asks by the path as well, with the original method and host', async () => {
    const question = { 'x-gatewright-forward-auth': SECRET, host: wiki, accept: 'text/html' }
    const path = (target: string) => `/.gatewright/verify-or-redirect${target}`
    const signedIn = await send({ path: path('/page?q=1'), method: 'PUT', headers: { ...question, cookie } })
    expect([signedIn.status, signedIn.headers['x-user']]).toEqual([200, 'alice@acme.example'])
    const stranger = await send({ path: path('/page?q=1'), headers: question })
    expect(stranger.headers.location).toBe(`http://${wiki}/.gatewright/sign-in?return=%2Fpage%3Fq%3D1`)
    const beside = await send({ path: path('/page'), headers: { ...question, cookie, 'x-forwarded-uri': '/public' } })
    expect(beside.status).toBe(403)
    expect((await send({ path: path('/public//x'), headers: question })).status).toBe(403)
  })

  it('may send the original body’s length along, or a body', async () => {
    expect((await ask('/page', { cookie, 'content-length': '3' }, { method: 'POST', body: 'a=b' })).status).toBe(200)
  })

  it('is heard as a proxy is about the client’s address', async () => {
    expect((await ask('/near', { cookie, 'x-forwarded-for': '203.0.113.1, 192.0.2.7' })).status).toBe(200)
    expect((await ask('/near', { cookie, 'x-forwarded-for': '192.0.2.7, 203.0.113.1' })).status).toBe(403)
    expect((await ask('/near', { cookie })).status).toBe(403)
  })

  it('lets a program in by its token, which the app does not get to see', async () => {
    const answer = await ask('/', { authorization: `Bearer ${TOKEN}`, 'sec-websocket-key': 'x' })
    expect([answer.status, answer.headers.authorization]).toEqual([200, ''])
    expect(decodeJwt(String(answer.headers['x-gatewright-assertion']))).toMatchObject({ name: 'Robot' })
    const wrong = await ask('/', { cookie, authorization: `Bearer ${TOKEN.slice(0, -2)}AA` })
    expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([401, 'Bearer error="invalid_token"'])
  })
})

describe('who does not show the secret', () => {
  it.each([
    ['none', {}],
    ['another', { 'x-gatewright-forward-auth': `${SECRET}x` }],
    ['it twice', { 'x-gatewright-forward-auth': [SECRET, SECRET] }],
    ['it in another header', { x_gatewright_forward_auth: SECRET }],
  ])('but %s, gets what is at any unknown path', async (_, shown) => {
    for (const host of [gateway.login, gateway.hello, `http://${wiki}`, 'http://nowhere.acme.com']) {
      const said = { 'x-forwarded-method': 'GET', 'x-forwarded-host': wiki, 'x-forwarded-uri': '/public/a' }
      const headers = { host: new URL(host).host, cookie, accept: 'text/html', ...said, ...shown }
      const unknown = await send({ path: '/.gatewright/unknown', headers })
      expect([404, 421]).toContain(unknown.status)
      for (const path of [
        '/.gatewright/verify',
        '/.gatewright/verify-or-redirect',
        '/.gatewright/verify-or-redirect/',
      ]) {
        const answer = await send({ path, headers })
        expect(answer.status).toBe(unknown.status)
        expect(withoutId(answer.body)).toBe(withoutId(unknown.body).replaceAll('/.gatewright/unknown', path))
        expect(answer.headers).not.toHaveProperty('x-gatewright-assertion')
      }
    }
  })

  it('is not heard about what was asked for, whatever it says', async () => {
    const said = { 'x-forwarded-uri': '/public', 'x-original-url': '/public', 'x-forwarded-method': 'OPTIONS' }
    const before = gateway.upstreamRequests.length
    const answer = await send({ path: '/', headers: { ...said, host: new URL(gateway.hello).host } })
    expect([answer.status, gateway.upstreamRequests.length]).toEqual([401, before])
  })

  it('is everybody, where no proxy may ask', async () => {
    const closed = await startTestGateway()
    onTestFinished(() => closed.close())
    const { host } = new URL(closed.docs)
    const question = () => ask('/', { host, 'x-forwarded-host': host }, { to: closed })
    expect((await question()).status).toBe(404)
    const opened = closed.reload((config) => (config.forwardAuth = true))
    await expect(opened).rejects.toThrow('forward-auth-secret is missing')
    expect((await question()).status).toBe(404)
  })
})

describe('an app’s host where sign-in begins for another proxy', () => {
  const begin = (query: string) => createBrowser().open(`http://${wiki}/.gatewright/sign-in${query}`, { redirects: 0 })

  it('binds the browser and sends it to the login host', async () => {
    const page = await begin('?return=%2Fdeep%3Fa%3D1')
    expect(page.status).toBe(303)
    expect(page.headers.get('location')).toMatch(new RegExp(`^${gateway.login}/sign-in\\?`))
    expect(page.headers.get('set-cookie')).toMatch(/^__Host-gatewright-binding-/)
  })

  it.each([
    '',
    '?return=',
    '?return=%2F&return=%2Fa',
    '?return=https%3A%2F%2Fevil.example',
    '?return=%2F%2Fevil.example',
  ])('begins nothing with %s', async (query) => {
    const page = await begin(query)
    expect([page.status, page.headers.get('location'), page.headers.get('set-cookie')]).toEqual([400, null, null])
  })

  it.each(['?return=%2F%5Cevil.example', '?return=%2F..%2F', '?return=%2F%09%2Fevil.example', '?return=%20%2F'])(
    'begins nothing with %s',
    async (query) => {
      expect((await begin(query)).status).toBe(400)
    },
  )

  it('knows nobody to sign in where all is public', async () => {
    const page = await createBrowser().open(`${gateway.docs}/.gatewright/sign-in?return=%2F`, { redirects: 0 })
    expect(page.status).toBe(404)
  })
})

/** Each answer has an id of its own. */
function withoutId(body: string): string {
  return body.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
}
