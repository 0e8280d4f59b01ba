import { once } from 'node:events'
import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

import { decodeJwt } from 'jose'

import { callbackUrl, type RuntimeConfig, signedOutUrl } from '../../runtime/config.ts'
import { digest } from '../../runtime/sessions/index.ts'
import { openPostgresStore, type Session } from '../../runtime/store/index.ts'
import { createBrowser } from './browser.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { requireNoTokens } from './issued-tokens.ts'
import { freePorts } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { baseConfig, makeSecrets } from './release.ts'
import { type RotatingProvider, startRotatingProvider } from './rotating-provider.ts'
import { signInLink } from './visitor.ts'

const COOKIE = '__Host-gatewright-session'

/** Somebody who is signed in, at the login host and at an app's. */
export interface Visitor {
  loginCookie: string
  cookie: string
  /** The session as the store has it. */
  stored: () => Promise<Session>
}

/** Several gateway processes that are the same site: one Postgres, one provider whose refresh tokens rotate, one app. */
export interface Replicas {
  config: RuntimeConfig
  provider: RotatingProvider
  processes: GatewayProcess[]
  /** How many requests reached the app. */
  arrived: () => number
  signIn(name: string): Promise<Visitor>
  /** Asks one replica for a page of the app, which says which groups it was told. */
  visit(visitor: Visitor, replica: number): Promise<Answer>
  /** Signs out at one replica. */
  signOut(visitor: Visitor, replica: number): Promise<Answer>
  close(): Promise<void>
}

interface Answer {
  status: number
  text: string
}

/**
 * Starts them; close them in `afterAll`.
 * @param count how many processes
 * @param accessSeconds how long the provider's access tokens live
 */
export async function startReplicas(count: number, accessSeconds: number): Promise<Replicas> {
  const [providerPort = 0, appPort = 0, ...ports] = await freePorts(2 + 2 * count)
  const issuer = `http://idp.gw.localhost:${providerPort}`
  const config = baseConfig({ listenPort: ports[0] ?? 0, adminPort: 0, appPort, issuer })
  config.store = 'postgres'
  const login = config.brands['default']?.url ?? ''
  const hello = config.routes['hello']?.from ?? ''
  const client = {
    id: 'gateway-client',
    secret: 'client-secret-value-first',
    redirectUri: callbackUrl(login, 'acme'),
    postLogoutRedirectUri: signedOutUrl(login),
  }
  const provider = await startRotatingProvider({ port: providerPort, client, accessSeconds })
  const postgres = await startPostgres()
  const database = await postgres.createDatabase()
  const store = await openPostgresStore(database, { onError: () => undefined })
  const secrets = makeSecrets(['acme']).set('database-url', database)
  const app = await startApp(appPort)
  const processes: GatewayProcess[] = []
  for (let index = 0; index < count; index += 1) {
    const at = (port = 0) => ({ host: '127.0.0.1', port })
    const own = { listen: at(ports[2 * index]), admin: at(ports[2 * index + 1]) }
    processes.push(await startGatewayProcess({ config: { ...config, ...own }, secrets }))
  }
  const send = (replica: number, url: string, headers: Record<string, string>, method = 'GET') =>
    sendTo(ports[2 * replica] ?? 0, new URL(url), headers, method)

  return {
    config,
    provider,
    processes,
    arrived: app.arrived,
    async signIn(name) {
      const browser = createBrowser()
      await browser.open(signInLink(await browser.open(`${login}/sign-in?login_hint=${name}`)))
      const page = await browser.open(`${hello}/`)
      if (page.status !== 200) throw new Error(`${name} is not signed in (${page.status}): ${page.text.slice(0, 400)}`)
      const parent = (await browser.jar.getCookies(login)).find(({ key }) => key === COOKIE)?.value ?? ''
      const stored = async (): Promise<Session> => {
        const session = await store.findSession(digest(parent))
        if (!session) throw new Error(`the session of ${name} is gone`)
        return session
      }
      const loginCookie = await browser.jar.getCookieString(login)
      return { loginCookie, cookie: await browser.jar.getCookieString(hello), stored }
    },
    visit: ({ cookie }, replica) => send(replica, `${hello}/`, { cookie }),
    signOut: ({ loginCookie }, replica) =>
      send(replica, `${login}/sign-out`, { cookie: loginCookie, origin: login }, 'POST'),
    async close() {
      const logs = processes.map((process) => process.log())
      await Promise.all(processes.map((process) => process.kill()))
      await store.close()
      await Promise.all([provider.close(), postgres.remove(), app.close()])
      requireNoTokens(logs.join('\n'), 'the log of a replica')
    },
  }
}

/** Resolves when the session's tokens are to be renewed at the next request. */
export async function untilDue({ stored }: Visitor): Promise<void> {
  const { refresh } = await stored()
  await delay(Math.max((refresh?.dueAt ?? 0) - Date.now(), 0))
}

/** Neither under way nor due: the provider has been asked, and what came of it is written. */
export function isSettled({ refresh }: Session): boolean {
  return refresh !== undefined && refresh.dueAt > Date.now()
}

/** An app that says which groups it was told. */
async function startApp(port: number) {
  let arrived = 0
  const server: Server = createServer(({ headers }, response) => {
    arrived += 1
    response.end(JSON.stringify(decodeJwt(String(headers['x-gatewright-assertion']))['groups']))
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    arrived: () => arrived,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

/** The replicas' addresses are not the site's, so the host is said apart. */
async function sendTo(port: number, url: URL, headers: Record<string, string>, method: string): Promise<Answer> {
  const all = { host: url.host, accept: 'application/json', ...headers }
  const outgoing = httpRequest({ host: '127.0.0.1', port, path: url.pathname, method, headers: all, agent: false })
  const [response] = (await once(outgoing.end(), 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, text: await text(response) }
}
