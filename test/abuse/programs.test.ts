import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'

import { type Browser, createBrowser } from '../support/browser.ts'
import { askAsProgram, formOf, type ProgramAnswer, startCommandLine } from '../support/command-line.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { sendRaw, statusOf } from '../support/raw.ts'
import { AUDIENCE, startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts'
import { signIn } from '../support/visitor.ts'

const ROBOT = `gws_robot_first_${randomBytes(32).toString('base64url')}`
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

let gateway: TestGateway
let issuing: TokenIssuer
/** With a session of Alice, who is in staff; many sign-ins of one account in a minute would be refused. */
let alice: Browser
let seen = 0
beforeAll(async () => {
  issuing = await startTokenIssuer()
  gateway = await startTestGateway({
    upgrade: agree,
    config(config) {
      config.tokenIssuers = {
        ci: { issuer: issuing.issuer, groupsClaim: 'groups', allowPrivateAddresses: false },
      }
      const hash = createHash('sha256').update(ROBOT).digest('base64url')
      const tokens = [{ name: 'first', hash, expiresAt: Date.now() + 60_000 }]
      config.serviceAccounts = { robot: { name: 'Robot', groups: ['staff'], routes: ['hello'], tokens } }
      const { hello } = config.routes
      if (hello) hello.bearer = [{ tokenIssuer: 'ci', audience: AUDIENCE }]
    },
  })
  alice = (await signIn(gateway)).browser
})
beforeEach(() => {
  seen = gateway.upstreamRequests.length
})
afterAll(() => Promise.all([gateway.close(), issuing.close()]))

const ask = (origin: string, token: string, headers: Record<string, string> = {}) =>
  askAsProgram(`${origin}/api`, { headers: { authorization: `Bearer ${token}`, ...headers } })

const lastRequest = () => gateway.upstreamRequests.at(-1)

/** Who the app was told is there. */
const assertion = () => decodeJwt(String(lastRequest()?.headers['x-gatewright-assertion']))

function expectRefused(answer: ProgramAnswer, code = 'token_invalid', status = 401): void {
  expect([answer.status, answer.json['error']]).toEqual([status, code])
  expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer error="invalid_token"' : undefined)
  expect(gateway.upstreamRequests.length).toBe(seen)
}

/** Takes a WebSocket handshake (RFC 6455 §4.2.2). */
function agree({ headers }: IncomingMessage, socket: Duplex): void {
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write([...lines, `Sec-WebSocket-Accept: ${accept}`, '\r\n'].join('\r\n'))
  socket.on('error', () => socket.destroy())
}

/** Lets a program in by a person’s click, and gives its token. */
async function letIn(person = alice) {
  const origin = gateway.hello
  const program = await startCommandLine()
  onTestFinished(() => program.close())
  const page = await person.open(program.address(origin))
  const headers = { ...FORM, origin }
  const body = formOf(page.text, 'allow')
  await person.open(`${origin}/.gatewright/cli`, { method: 'POST', headers, body })
  const answer = await program.redeem(origin)
  seen = gateway.upstreamRequests.length
  return { program, answer, token: String(answer.json['access_token']) }
}

describe('a bearer token of a route’s issuer', () => {
  it('lets its program in, and stays with the gateway', async () => {
    const answer = await ask(gateway.hello, await issuing.token({ groups: ['staff'], client_id: 'deploy' }))
    expect(answer.status).toBe(200)
    expect(lastRequest()?.headers.authorization).toBeUndefined()
    expect(assertion()).toMatchObject({ name: 'deploy', groups: ['staff'] })
  })

  it('is held against the route’s rule', async () => {
    expectRefused(await ask(gateway.hello, await issuing.token()), 'access_denied', 403)
  })

  it('is the app’s own where the route takes none', async () => {
    await gateway.reload((config) => {
      const { admin } = config.routes
      if (admin) admin.access = { allow: 'true' }
    })
    const cookies = async (origin: string) => ({ cookie: await alice.jar.getCookieString(origin) })
    await alice.open(`${gateway.admin}/`)
    expect((await ask(gateway.admin, 'the-apps-own', await cookies(gateway.admin))).status).toBe(200)
    expect(lastRequest()?.headers.authorization).toBe('Bearer the-apps-own')
    await gateway.reload(() => undefined)
  })

  it('stands alone: when it is wrong, a good cookie does not help', async () => {
    const cookie = await alice.jar.getCookieString(gateway.hello)
    seen = gateway.upstreamRequests.length
    expectRefused(await ask(gateway.hello, await issuing.token({ aud: 'other' }), { cookie }))
    expect((await askAsProgram(`${gateway.hello}/api`, { headers: { cookie } })).status).toBe(200)
  })

  it.each([
    ['Authorization: Bearer a\r\nAuthorization: Bearer b', 400, 'header_duplicate'],
    ['Authorization: Basic YTpi\r\nAuthorization: Bearer b', 400, 'header_duplicate'],
    ['AUTHORIZATION: Bearer a\r\nauthorization: Basic YTpi', 400, 'header_duplicate'],
    ['Authorization: Bearer', 401, 'token_invalid'],
    ['Authorization: Bearer a b', 401, 'token_invalid'],
    ['Authorization: Bearer a, Bearer b', 401, 'token_invalid'],
    ['Authorization: gws_robot_first_x', 401, 'token_invalid'],
  ])('is refused as %j', async (lines, status, code) => {
    const { host, port } = new URL(gateway.hello)
    const answer = await sendRaw(
      Number(port),
      `GET /api HTTP/1.1\r\nHost: ${host}\r\n${lines}\r\nConnection: close\r\n\r\n`,
    )
    expect(statusOf(answer)).toBe(status)
    expect(answer).toContain(code)
    expect(gateway.upstreamRequests.length).toBe(seen)
  })

  it('opens a WebSocket by the same rule, for as long as it counts', async () => {
    const { host, port } = new URL(gateway.hello)
    const upgrade = (token: string) =>
      sendRaw(
        Number(port),
        [
          'GET /socket HTTP/1.1',
          `Host: ${host}`,
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          `Origin: ${gateway.hello}`,
          `Authorization: Bearer ${token}`,
          '\r\n',
        ].join('\r\n'),
      )
    const handshakes = gateway.handshakes()
    expect(statusOf(await upgrade(`${ROBOT}x`))).toBe(401)
    expect(gateway.handshakes()).toBe(handshakes)
    // Read to its end, which comes with the token's.
    const open = upgrade(ROBOT)
    await vi.waitFor(() => expect(gateway.log()).toContain('WebSocket open'))
    await gateway.reload((config) => {
      config.serviceAccounts = {}
    })
    expect(statusOf(await open)).toBe(101)
    await gateway.reload(() => undefined)
  })
})

describe('a service account', () => {
  it('is let in by its token at the routes that it names, and its token stays with the gateway', async () => {
    expect((await ask(gateway.hello, ROBOT)).status).toBe(200)
    expect(assertion()).toMatchObject({ name: 'Robot', groups: ['staff'] })
    expect(lastRequest()?.headers.authorization).toBeUndefined()
    seen = gateway.upstreamRequests.length
    expectRefused(await ask(gateway.admin, ROBOT))
  })

  it('is let in nowhere as soon as its token is gone from the configuration', async () => {
    await gateway.reload((config) => {
      const { robot } = config.serviceAccounts
      if (robot) robot.tokens = []
    })
    expectRefused(await ask(gateway.hello, ROBOT))
    await gateway.reload(() => undefined)
    expect((await ask(gateway.hello, ROBOT)).status).toBe(200)
  })

  it('never shows its token to an app, on public routes neither', async () => {
    const basic = `Basic ${Buffer.from(`git:${ROBOT}`).toString('base64')}`
    for (const value of [`Bearer ${ROBOT}`, ROBOT, `Token token=${ROBOT}`, 'Bearer gwc_anything', basic]) {
      const answer = await askAsProgram(`${gateway.docs}/intro`, { headers: { authorization: value } })
      expect(answer.status).toBe(200)
      expect(lastRequest()?.headers.authorization).toBeUndefined()
      expect(JSON.stringify(lastRequest()?.rawHeaders)).not.toMatch(/gw[sc]_/)
    }
    await askAsProgram(`${gateway.docs}/intro`, { headers: { authorization: 'Bearer the-apps-own' } })
    expect(lastRequest()?.headers.authorization).toBe('Bearer the-apps-own')
  })

  it.each([
    ['the secret is wrong', ROBOT.slice(0, -2) + (ROBOT.endsWith('AA') ? 'BB' : 'AA')],
    ['the account is unknown', ROBOT.replace('robot', 'rabot')],
    ['the name is unknown', ROBOT.replace('first', 'farst')],
    ['there is no secret', 'gws_robot_first_'],
    ['the account is a member of every object', ROBOT.replace('robot', 'constructor')],
  ])('49: gives the same answer whether %s', async (_, token) => {
    const honest = await ask(gateway.hello, ROBOT.slice(0, -2) + (ROBOT.endsWith('CC') ? 'DD' : 'CC'))
    const answer = await ask(gateway.hello, token)
    expectRefused(answer)
    const comparable = ({ status, json, headers }: ProgramAnswer) => {
      const { requestId: _id, ...body } = json
      const { date: _date, ...rest } = headers
      return { status, body, headers: rest }
    }
    expect(comparable(answer)).toEqual(comparable(honest))
    const refusals = gateway
      .log()
      .split('\n')
      .filter((line) => line.includes('"token_invalid"'))
    const [reason, other] = refusals.slice(-2).map((line) => (JSON.parse(line) as { reason: string }).reason)
    expect(reason).toBe(other)
  })
})

describe('signing in from the command line', () => {
  it('gives a program a token of at most an hour, by a click of the person who is signed in', async () => {
    const { answer, program, token } = await letIn()
    expect(program.answers.at(-1)?.get('state')).toBe('the-state')
    expect(answer).toMatchObject({ status: 200, json: { token_type: 'Bearer' } })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(token).toMatch(/^gwc_[\w-]{43}$/)
    expect(answer.json['expires_in']).toBeLessThanOrEqual(3_600)
    expect((await ask(gateway.hello, token)).status).toBe(200)
    expect(lastRequest()?.headers.authorization).toBeUndefined()
    expect(assertion()).toMatchObject({ email: 'alice@acme.example', groups: ['staff'] })
  })

  it('says who is let in where and for how long, and shows the address without a way out of it', async () => {
    const program = await startCommandLine()
    onTestFinished(() => program.close())
    const page = await alice.open(program.address(gateway.hello, { state: '"><script>alert(1)</script>' }))
    expect(page.status).toBe(200)
    for (const said of ['alice@acme.example', 'hello.gw.localhost', '60 minutes', new URL(program.redirectUri).host]) {
      expect(page.text).toContain(said)
    }
    expect(page.text).not.toContain('<script')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`form-action 'self' ${new URL(program.redirectUri).origin};`)
    expect(policy).toContain("frame-ancestors 'none'")
  })

  it('sends a browser without a session to sign in and back to the question', async () => {
    const program = await startCommandLine()
    onTestFinished(() => program.close())
    const { page } = await signIn(gateway, program.address(gateway.hello))
    expect(page.url.split('?')[0]).toBe(`${gateway.hello}/.gatewright/cli`)
    expect(page.text).toContain('alice@acme.example')
  })

  it('tells the program when the person says no', async () => {
    const program = await startCommandLine()
    onTestFinished(() => program.close())
    const page = await alice.open(program.address(gateway.hello))
    const body = formOf(page.text, 'deny')
    await alice.open(`${gateway.hello}/.gatewright/cli`, {
      method: 'POST',
      headers: { ...FORM, origin: gateway.hello },
      body,
    })
    expect(Object.fromEntries(program.answers.at(-1) ?? [])).toEqual({ error: 'access_denied', state: 'the-state' })
  })

  it.each([
    'http://evil.example:80/',
    'https://127.0.0.1:49152/',
    'http://localhost:49152/',
    'http://127.0.0.1.evil.example:49152/',
    'http://127.0.0.1:49152@evil.example/',
    'http://user@127.0.0.1:49152/',
    'http://127.0.0.1:49152\\@evil.example/',
    'http://127.0.0.1/',
    'http://127.0.0.1:49152/#x',
    'http://[::ffff:127.0.0.1]:49152/',
    'http://169.254.169.254:80/latest/meta-data/',
    '//evil.example:80/',
    'myapp://callback',
    'javascript:alert(1)',
    'urn:ietf:wg:oauth:2.0:oob',
  ])('20: gives nothing to a program at %s', async (address) => {
    const program = await startCommandLine()
    onTestFinished(() => program.close())
    const asked = program.address(gateway.hello, { redirect_uri: address })
    const page = await alice.open(asked, { redirects: 0 })
    const headers = { ...FORM, origin: gateway.hello }
    const body = `${new URL(asked).searchParams.toString()}&decision=allow`
    const posted = await alice.open(`${gateway.hello}/.gatewright/cli`, {
      method: 'POST',
      headers,
      body,
      redirects: 0,
    })
    const stranger = await createBrowser().open(asked, { redirects: 0 })
    for (const answer of [page, posted, stranger]) {
      expect(answer.status).toBe(400)
      expect(answer.headers.get('location')).toBeNull()
      expect(answer.text).not.toContain('gwc_')
    }
  })

  it.each(['http://evil.example', 'null', undefined, 'login'])(
    '20: gives nothing to a form on a page of %s',
    async (origin) => {
      const program = await startCommandLine()
      onTestFinished(() => program.close())
      const page = await alice.open(program.address(gateway.hello))
      const from = origin === 'login' ? gateway.login : origin
      const headers: Record<string, string> = from === undefined ? FORM : { ...FORM, origin: from }
      const body = formOf(page.text, 'allow')
      const posted = await alice.open(`${gateway.hello}/.gatewright/cli`, {
        method: 'POST',
        headers,
        body,
        redirects: 0,
      })
      expect(posted.status).toBe(403)
      expect(program.answers).toEqual([])
    },
  )

  it('20: gives a code no second time, to no other program and at no other app', async () => {
    const { program } = await letIn()
    expect((await program.redeem(gateway.hello)).json).toMatchObject({ error: 'invalid_grant' })
    const others: Record<string, string>[] = [
      { code_verifier: randomBytes(32).toString('base64url') },
      { redirect_uri: 'http://127.0.0.1:1/done' },
      { grant_type: 'refresh_token' },
      { code: 'k1.AAAA' },
      { code_verifier: '' },
    ]
    for (const [origin, changed] of [
      ...others.map((other) => [gateway.hello, other] as const),
      [gateway.admin, {}] as const,
    ]) {
      const next = await startCommandLine()
      onTestFinished(() => next.close())
      const page = await alice.open(next.address(gateway.hello))
      const headers = { ...FORM, origin: gateway.hello }
      await alice.open(`${gateway.hello}/.gatewright/cli`, {
        method: 'POST',
        headers,
        body: formOf(page.text, 'allow'),
      })
      const answer = await next.redeem(origin, changed)
      expect(answer.status).toBe(400)
      expect(answer.text).not.toContain('gwc_')
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })

  it.each<[string, string, Record<string, string>]>([
    ['JSON', '{"grant_type":"authorization_code"}', { 'content-type': 'application/json' }],
    ['a field twice', 'grant_type=authorization_code&code=a&code=b&code_verifier=x&redirect_uri=y', FORM],
    ['nothing', '', FORM],
    ['more than 8 KiB', `code=${'a'.repeat(9_000)}`, FORM],
    [
      'a page’s call',
      'grant_type=authorization_code&code=a&code_verifier=x&redirect_uri=y',
      { ...FORM, origin: 'http://x' },
    ],
  ])('refuses %s at the token endpoint', async (_, body, headers) => {
    const url = `${gateway.hello}/.gatewright/cli/token`
    const answer = await askAsProgram(url, { method: 'POST', headers, body })
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request'])
  })

  it('is not there at a public route', async () => {
    const program = await startCommandLine()
    onTestFinished(() => program.close())
    expect((await createBrowser().open(program.address(gateway.docs))).status).toBe(404)
  })

  it('gives a token that is good at its own app only', async () => {
    const { token } = await letIn()
    expectRefused(await ask(gateway.admin, token))
  })

  it('gives a token that is no cookie, and takes no cookie as a token', async () => {
    const { token } = await letIn()
    const cookie = await alice.jar.getCookieString(gateway.hello)
    const value = /__Host-gatewright-session=([^;]+)/.exec(cookie)?.[1] ?? ''
    for (const stolen of [token, token.slice(4)]) {
      const headers = { cookie: `__Host-gatewright-session=${stolen}` }
      expect((await askAsProgram(`${gateway.hello}/api`, { headers })).status).toBe(401)
    }
    expectRefused(await ask(gateway.hello, `gwc_${value}`))
    expectRefused(await ask(gateway.hello, token.slice(4)))
  })

  it('gives a token that ends with the person’s session', async () => {
    const { browser } = await signIn(gateway)
    const { token } = await letIn(browser)
    expect((await ask(gateway.hello, token)).status).toBe(200)
    const headers = { ...FORM, origin: gateway.login }
    await browser.open(`${gateway.login}/sign-out`, { method: 'POST', headers })
    seen = gateway.upstreamRequests.length
    expectRefused(await ask(gateway.hello, token))
  })

  it('gives a token that the route’s rule is asked about each time', async () => {
    const { token } = await letIn()
    await gateway.reload((config) => {
      const { hello } = config.routes
      if (hello) hello.access = { allow: '"elsewhere" in user.groups' }
    })
    expectRefused(await ask(gateway.hello, token), 'access_denied', 403)
    await gateway.reload((config) => {
      const { hello } = config.routes
      if (hello) hello.access = { allow: 'user.kind == "person"' }
    })
    expect((await ask(gateway.hello, token)).status).toBe(200)
    seen = gateway.upstreamRequests.length
    expectRefused(await ask(gateway.hello, ROBOT), 'access_denied', 403)
    await gateway.reload(() => undefined)
  })
})
