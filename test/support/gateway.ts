import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, PassThrough } from 'node:stream'

import { pino } from 'pino'

import type { RuntimeConfig } from '../../runtime/config.ts'
import type { Program } from '../../runtime/program/index.ts'
import type { Release } from '../../runtime/release.ts'
import { startGateway } from '../../runtime/server/index.ts'
import { requireNoTokens } from './issued-tokens.ts'
import { type Behaviour, type OpenIdProvider, startOpenIdProvider } from './openid-provider.ts'
import { freePorts } from './ports.ts'
import { baseConfig, makeSecrets } from './release.ts'

/** A gateway with a provider in front and an app behind, all real, all in this process. */
export interface TestGateway {
  login: string
  /** Origin of the route `hello`, for people in staff. */
  hello: string
  /** Origin of the route `admin`, for people in admins. */
  admin: string
  /** Origin of the route `docs`, which is public. */
  docs: string
  provider: OpenIdProvider
  /** Requests that reached the app, oldest first. */
  upstreamRequests: IncomingMessage[]
  /** Everything logged so far, a JSON line each. */
  log: () => string
  /** WebSocket handshakes that reached the app. */
  handshakes: () => number
  readyUrl: string
  dataFolder: string
  config: RuntimeConfig
  /** Puts a changed configuration in force; rejects where it is refused. */
  reload(change: (config: RuntimeConfig) => void): Promise<void>
  /** Ends the process's part and starts anew on the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface TestGatewayOptions {
  provider?: Partial<Behaviour>
  config?: (config: RuntimeConfig) => void
  app?: (request: IncomingMessage, response: ServerResponse) => void
  /** Takes WebSocket handshakes that reach the app. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** Starts one; close it in `afterAll` or `onTestFinished`. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const [listenPort = 0, adminPort = 0, providerPort = 0, appPort = 0] = await freePorts(4)
  const dataFolder = await mkdtemp(join(tmpdir(), 'gatewright-test-'))
  const provider = await startOpenIdProvider(providerPort, options.provider)
  const upstreamRequests: IncomingMessage[] = []
  const upgraded = new Set<Duplex>()
  const app = createServer((request, response) => {
    upstreamRequests.push(request)
    if (options.app) options.app(request, response)
    else response.setHeader('content-type', 'text/plain').end(`app saw ${request.url}`)
  }).listen(appPort, '127.0.0.1')
  let handshakes = 0
  app.on('upgrade', (request, socket: Duplex, head) => {
    handshakes += 1
    upgraded.add(socket)
    if (options.upgrade) options.upgrade(request, socket, head)
    else socket.destroy()
  })
  await once(app, 'listening')

  const config = baseConfig({ listenPort, adminPort, appPort, issuer: provider.issuer })
  options.config?.(config)
  const release: Release = { generation: 'g1', config, secrets: makeSecrets(Object.keys(config.identityProviders)) }
  const lines = new PassThrough()
  let logged = ''
  lines.on('data', (chunk: Buffer) => (logged += chunk.toString()))
  const log = pino(lines)
  const readiness = { status: 'ready', generation: 'g1' } as const
  const start = async (): Promise<Program> => {
    const program = await startGateway({ dataFolder, log, readiness })
    await program.apply(release)
    return program
  }
  let program = await start()
  const origin = (name: string) => `http://${name}.gw.localhost:${listenPort}`
  return {
    login: origin('login'),
    hello: origin('hello'),
    admin: origin('admin'),
    docs: origin('docs'),
    provider,
    upstreamRequests,
    log: () => logged,
    handshakes: () => handshakes,
    readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
    dataFolder,
    config,
    reload(change) {
      const next = structuredClone(config)
      change(next)
      return program.apply({ ...release, config: next })
    },
    async restart() {
      await program.drain()
      program = await start()
    },
    async close() {
      app.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await Promise.all([program.drain(), provider.close(), once(app.close(), 'close')])
      await rm(dataFolder, { recursive: true })
      requireNoTokens(logged, 'the log')
      const sent = upstreamRequests.map(({ url, rawHeaders }) => [url, ...rawHeaders].join('\n'))
      requireNoTokens(sent.join('\n'), 'what the app was sent')
    },
  }
}
