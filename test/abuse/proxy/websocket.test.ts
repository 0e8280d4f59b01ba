import { createHash, randomBytes, randomUUID } from 'node:crypto'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createBrowser, type Browser } from '../../support/browser.ts'
import { signIn } from '../../support/visitor.ts'
import { type Stage, startStage } from '../../support/stage.ts'
import { type Arrival, type Connection, openConnection, request, valuesOf } from '../../support/wire/index.ts'

let stage: Stage
let open: Connection[]
beforeAll(async () => {
  stage = await startStage({
    handle: agree,
    config({ identityProviders, registrations }) {
      const { acme } = identityProviders
      if (acme) identityProviders['other'] = { ...acme, name: 'Other' }
      registrations['other'] = structuredClone(registrations['acme'] ?? [])
    },
  })
})
afterAll(() => stage.close())
beforeEach(() => {
  open = []
  stage.upstream.arrivals.length = 0
})
afterEach(async () => {
  for (const connection of open) connection.close()
  await stage.gateway.reload(() => undefined)
})

/** Takes the handshake (RFC 6455 §4.2.2), and sends back every byte. */
function agree({ message, socket, answer }: Arrival): void {
  const key = `${valuesOf(message, 'sec-websocket-key')[0]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  answer(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.pipe(socket)
}

function shake(...lines: string[]): Connection {
  const key = randomBytes(16).toString('base64')
  const fields = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`]
  const connection = openConnection(
    stage.port,
    request('GET', '/ws', `Host: ${stage.host('hello')}`, ...fields, ...lines),
  )
  open.push(connection)
  return connection
}

async function openSocket(cookie: string): Promise<Connection> {
  const connection = shake(`Cookie: ${cookie}`, `Origin: ${stage.gateway.hello}`)
  await connection.until(/^HTTP\/1\.1 101 [^]*\r\n\r\n/)
  return connection
}

async function isAlive(connection: Connection): Promise<boolean> {
  const word = randomBytes(6).toString('hex')
  connection.send(word)
  return (await connection.until(new RegExp(word))).endsWith(word)
}

interface Person {
  browser: Browser
  cookie: string
}

async function newPerson(sub: string): Promise<Person> {
  const { provider } = stage.gateway
  provider.behaviour.person = { ...provider.behaviour.person, sub, email: `${randomUUID()}@acme.example` }
  const { browser } = await signIn(stage.gateway, `${stage.gateway.hello}/`, createBrowser())
  return { browser, cookie: await browser.jar.getCookieString(stage.gateway.hello) }
}

const signOut = ({ browser }: Person, origin: string, path: string): Promise<unknown> =>
  browser.open(origin + path, { method: 'POST', headers: { origin }, redirects: 0 })

describe('45: a WebSocket', () => {
  const ENDINGS: [string, (person: Person) => Promise<unknown>][] = [
    ['the person signs out', (person) => signOut(person, stage.gateway.login, '/sign-out')],
    ['the person signs out at the app', (person) => signOut(person, stage.gateway.hello, '/.gatewright/sign-out')],
    [
      'the person may not pass any more',
      () =>
        stage.gateway.reload(({ routes: { hello } }) => {
          if (hello) hello.access = { allow: '"staff" in user.groups && user.id == "nobody"' }
        }),
    ],
    ['the session has lived long enough', () => stage.gateway.reload(({ session }) => (session.absoluteSeconds = 1))],
    ['its route is gone', () => stage.gateway.reload(({ routes }) => void delete routes['hello'])],
    [
      'the route takes no session of the provider any more',
      () =>
        stage.gateway.reload(({ routes: { hello } }) => {
          if (hello) hello.identityProviders = ['other']
        }),
    ],
  ]
  it.each(ENDINGS)('is closed at both ends when %s', async (_, end) => {
    const person = await newPerson('bob')
    const connection = await openSocket(person.cookie)
    const arrival = stage.upstream.arrivals.at(-1)
    expect(await isAlive(connection)).toBe(true)
    await end(person)
    await connection.ended()
    await arrival?.gone
    const again = shake(`Cookie: ${person.cookie}`, `Origin: ${stage.gateway.hello}`)
    expect(await again.until(/\r\n\r\n/)).not.toMatch(/^HTTP\/1\.1 101 /)
  })

  it('is closed at both ends when the gateway stops', async () => {
    const connection = await openSocket(stage.cookie)
    const arrival = stage.upstream.arrivals.at(-1)
    await stage.gateway.restart()
    await connection.ended()
    await arrival?.gone
    expect(await isAlive(await openSocket(stage.cookie))).toBe(true)
  })

  it('of somebody else, or of another browser, stays open meanwhile', async () => {
    const [bob, carol] = [await newPerson('bob'), await newPerson('carol')]
    const [his, hers, elsewhere] = [
      await openSocket(bob.cookie),
      await openSocket(carol.cookie),
      await openSocket((await newPerson('bob')).cookie),
    ]
    await signOut(bob, stage.gateway.login, '/sign-out')
    await his.ended()
    expect([await isAlive(hers), await isAlive(elsewhere)]).toEqual([true, true])
    await stage.gateway.reload((config) => (config.session.idleSeconds = 1_800))
    expect([await isAlive(hers), await isAlive(elsewhere)]).toEqual([true, true])
  })
})

describe('46: an Origin', () => {
  it('that is the route’s own, or named by it, opens a WebSocket: what follows is refused for its own reason', async () => {
    await openSocket(stage.cookie)
    await stage.gateway.reload(({ routes: { hello } }) => void hello?.websocketOrigins.push('https://app.example'))
    const named = shake(`Cookie: ${stage.cookie}`, 'Origin: https://app.example')
    expect(await named.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 101 /)
  })

  it('of anybody else opens none, and the app hears nothing', async () => {
    const { login, admin, docs, hello } = stage.gateway
    const own = new URL(hello)
    const foreign = [
      [admin, docs, login, 'https://evil.example', 'null', '', 'file://'],
      [
        `https://${own.host}`,
        `http://${own.hostname}`,
        `http://${own.hostname}:1`,
        `${hello}/`,
        `${hello}.evil.example`,
      ],
      [
        `http://evil.example#${hello}`,
        `http://user@${own.host}`,
        `${hello},https://evil.example`,
        `https://evil.example ${hello}`,
      ],
      [`http://x.${own.host}`, `http://gw.localhost:${own.port}`, `ws://${own.host}`, own.host, '*'],
    ].flat()
    const handshakes = [
      ...foreign.map((origin) => [`Origin: ${origin}`]),
      [],
      [`Origin: ${hello}`, 'Origin: https://evil.example'],
    ]
    for (const lines of handshakes) {
      const answer = await shake(
        `Cookie: ${stage.cookie}`,
        ...lines,
        `Referer: ${hello}/`,
        `X-Forwarded-Host: ${own.host}`,
      ).ended()
      expect(answer, lines.join(' | ')).toMatch(/^HTTP\/1\.1 40[03] /)
    }
    expect(stage.upstream.arrivals).toHaveLength(0)
  })
})
