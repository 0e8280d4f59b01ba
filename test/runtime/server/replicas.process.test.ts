import { once } from 'node:events'
import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { callbackUrl, type RuntimeConfig, signedOutUrl } from '../../../runtime/config.ts'
import { digest } from '../../../runtime/sessions/index.ts'
import { openPostgresStore, type Session, type Store } from '../../../runtime/store/index.ts'
import { createBrowser } from '../../support/browser.ts'
import { requireNoTokens } from '../../support/issued-tokens.ts'
import { type GatewayProcess, startGatewayProcess } from '../../support/gateway-process.ts'
import { freePorts } from '../../support/ports.ts'
import { type Postgres, startPostgres } from '../../support/postgres.ts'
import { baseConfig, makeSecrets } from '../../support/release.ts'
import { type RotatingProvider, startRotatingProvider } from '../../support/rotating-provider.ts'
import { signInLink } from '../../support/visitor.ts'

const REPLICAS = 3
const PARALLEL = 64
const ACCESS_SECONDS = 5
const COOKIE = '__Host-gatewright-session'

let postgres: Postgres
let provider: RotatingProvider
let app: Server
let store: Store
let config: RuntimeConfig
let secrets: Map<string, string>
let login: string
let hello: string
/** Where each replica listens; all are the same site. */
const replicas: { port: number; process: GatewayProcess }[] = []

beforeAll(async () => {
  const [providerPort = 0, appPort = 0, ...ports] = await freePorts(2 + 2 * REPLICAS)
  const [firstPort = 0] = ports
  config = baseConfig({
    listenPort: firstPort,
    adminPort: 0,
    appPort,
    issuer: `http://idp.gw.localhost:${providerPort}`,
  })
  config.store = 'postgres'
  login = config.brands['default']?.url ?? ''
  hello = config.routes['hello']?.from ?? ''
  const client = {
    id: 'gateway-client',
    secret: 'client-secret-value-first',
    redirectUri: callbackUrl(login, 'acme'),
    postLogoutRedirectUri: signedOutUrl(login),
  }
  provider = await startRotatingProvider({ port: providerPort, client, accessSeconds: ACCESS_SECONDS })
  postgres = await startPostgres()
  const database = await postgres.createDatabase()
  store = await openPostgresStore(database, { onError: () => undefined })
  secrets = makeSecrets(['acme']).set('database-url', database)
  app = await startApp(appPort)
  for (let index = 0; index < REPLICAS; index += 1) {
    replicas.push(await startReplica(ports[2 * index] ?? 0, ports[2 * index + 1] ?? 0))
  }
}, 60_000)

afterAll(async () => {
  const logs = replicas.map(({ process }) => process.log())
  await Promise.all(replicas.map(({ process }) => process.kill()))
  requireNoTokens(logs.join('\n'), 'the log of a replica')
  await store.close()
  app.closeAllConnections()
  await Promise.all([provider.close(), postgres.remove(), once(app.close(), 'close')])
})

/** An app that says which groups it was told. */
async function startApp(port: number): Promise<Server> {
  const server = createServer(({ headers }, response) => {
    response.end(JSON.stringify(decodeJwt(String(headers['x-gatewright-assertion']))['groups']))
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function startReplica(port: number, adminPort: number) {
  const at = (listening: number) => ({ host: '127.0.0.1', port: listening })
  const process = await startGatewayProcess({ config: { ...config, listen: at(port), admin: at(adminPort) }, secrets })
  return { port, process }
}

interface Visitor {
  /** Cookies at the login host and at the app's. */
  loginCookie: string
  cookie: string
  stored: () => Promise<Session>
}

/** Somebody who is signed in, at the login host and at an app's. */
async function signIn(name: string): Promise<Visitor> {
  const browser = createBrowser()
  await browser.open(signInLink(await browser.open(`${login}/sign-in?login_hint=${name}`)))
  expect((await browser.open(`${hello}/`)).text).toBe(JSON.stringify(provider.groups))
  const parent = (await browser.jar.getCookies(login)).find(({ key }) => key === COOKIE)?.value ?? ''
  const stored = async (): Promise<Session> => {
    const session = await store.findSession(digest(parent))
    if (!session) throw new Error(`the session of ${name} is gone`)
    return session
  }
  const loginCookie = await browser.jar.getCookieString(login)
  return { loginCookie, cookie: await browser.jar.getCookieString(hello), stored }
}

async function send(replica: number, origin: string, path: string, headers: Record<string, string>, method = 'GET') {
  const port = replicas[replica]?.port
  const all = { host: new URL(origin).host, accept: 'application/json', ...headers }
  const outgoing = httpRequest({ host: '127.0.0.1', port, path, method, headers: all, agent: false }).end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, text: await text(response) }
}

/** Asks one replica for a page of the app. */
const visit = ({ cookie }: Visitor, replica: number) => send(replica, hello, '/', { cookie })

async function untilDue({ stored }: Visitor): Promise<void> {
  const { refresh } = await stored()
  await delay(Math.max((refresh?.dueAt ?? 0) - Date.now(), 0))
}

/** Neither under way nor due: the provider has been asked, and what came of it is written. */
const isSettled = ({ refresh }: Session): boolean => refresh !== undefined && refresh.dueAt > Date.now()

it(`50: ${PARALLEL} requests over ${REPLICAS} processes at the moment of expiry send one refresh, each time`, async () => {
  const alice = await signIn('alice')
  for (const round of [1, 2, 3]) {
    provider.groups = ['staff', `round-${round}`]
    await untilDue(alice)
    const everyone = Array.from({ length: PARALLEL }, (_, index) => visit(alice, index % REPLICAS))
    expect((await Promise.all(everyone)).map(({ status }) => status)).toEqual(Array(PARALLEL).fill(200))
    await expect.poll(async () => isSettled(await alice.stored()), { timeout: 10_000 }).toBe(true)
    expect(provider.refreshes).toEqual({ granted: round, refused: 0 })
    for (let replica = 0; replica < REPLICAS; replica += 1) {
      expect((await visit(alice, replica)).text).toBe(JSON.stringify(provider.groups))
    }
  }
}, 60_000)

it('signing out at one process ends the session at all', async () => {
  const dave = await signIn('dave')
  for (let replica = 0; replica < REPLICAS; replica += 1) expect((await visit(dave, replica)).status).toBe(200)
  expect((await send(1, login, '/sign-out', { cookie: dave.loginCookie, origin: login }, 'POST')).status).toBe(303)
  for (let replica = 0; replica < REPLICAS; replica += 1) expect((await visit(dave, replica)).status).toBe(401)
})

it('50: killing the process that holds the lease, before and after the provider heard it, loses no session', async () => {
  const people = [await signIn('bob'), await signIn('carol')]
  for (const person of people) await untilDue(person)
  const before = { ...provider.refreshes }
  provider.holds.push('unheard', 'unanswered')
  for (const person of people) expect((await visit(person, 0)).status).toBe(200)
  await expect.poll(provider.held, { timeout: 10_000 }).toBe(2)
  await replicas[0]?.process.kill()

  const states = async () => Promise.all(people.map(async ({ stored }) => (await stored()).refresh))
  const isOver = async (): Promise<boolean> => {
    // Nobody notices anything: neither while the lease is still held, nor after.
    for (const person of people) {
      for (const replica of [1, 2]) expect((await visit(person, replica)).status).toBe(200)
    }
    return (await states()).every((refresh) => refresh !== undefined && refresh.dueAt > Date.now())
  }
  await expect.poll(isOver, { timeout: 40_000, interval: 250 }).toBe(true)
  // One was renewed. The other's token was used up by the process that was killed, which a refusal does not blame on them.
  expect(provider.refreshes).toEqual({ granted: before.granted + 2, refused: before.refused + 1 })
  const kept = (await states()).filter((refresh) => refresh?.dueAt === refresh?.failsAt)
  expect(kept).toHaveLength(1)
  const grace = config.session.refreshGraceSeconds * 1_000
  expect(kept[0]?.failsAt).toBeGreaterThan(Date.now() + grace - 60_000)
  for (const person of people) expect((await visit(person, 2)).status).toBe(200)
}, 90_000)
