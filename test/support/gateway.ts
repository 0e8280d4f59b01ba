import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import type { RuntimeConfig } from '../../runtime/config.ts'
import { startGatewayHere } from './gateway-in-process.ts'
import { startGatewayProcess } from './gateway-process.ts'
import { requireNoTokens } from './issued-tokens.ts'
import { type Behaviour, type OpenIdProvider, startOpenIdProvider } from './openid-provider.ts'
import { freePorts } from './ports.ts'
import { baseConfig, makeSecrets } from './release.ts'

/** Attacks are made against the bundle, as a process of its own; without one the gateway runs in this process. */
const startGateway = process.env['GATEWRIGHT_TEST_BUNDLE'] ? startGatewayProcess : startGatewayHere

/** A gateway with a provider in front and an app behind, all real. */
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
  /** Besides keys and clients' secrets, by file name. */
  secrets?: Readonly<Record<string, string>>
  app?: (request: IncomingMessage, response: ServerResponse) => void
  /** Takes WebSocket handshakes that reach the app. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** Starts one; close it in `afterAll` or `onTestFinished`. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const [listenPort = 0, adminPort = 0, providerPort = 0, appPort = 0] = await freePorts(4)
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
  const own = makeSecrets(Object.keys(config.identityProviders))
  const secrets = new Map([...own, ...Object.entries(options.secrets ?? {})])
  const gateway = await startGateway({ config, secrets })
  const origin = (name: string) => `http://${name}.gw.localhost:${listenPort}`
  return {
    login: origin('login'),
    hello: origin('hello'),
    admin: origin('admin'),
    docs: origin('docs'),
    provider,
    upstreamRequests,
    log: () => gateway.log(),
    handshakes: () => handshakes,
    readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
    dataFolder: gateway.dataFolder,
    config,
    reload(change) {
      const next = structuredClone(config)
      change(next)
      return gateway.release({ config: next, secrets })
    },
    restart: () => gateway.restart(),
    async close() {
      app.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      const metrics = await fetch(`http://127.0.0.1:${adminPort}/metrics`).then((answer) => answer.text())
      requireNoTokens(metrics, 'the metrics')
      const [logged] = await Promise.all([gateway.stop(), provider.close(), once(app.close(), 'close')])
      requireNoTokens(logged, 'the log')
      const sent = upstreamRequests.map(({ url, rawHeaders }) => [url, ...rawHeaders].join('\n'))
      requireNoTokens(sent.join('\n'), 'what the app was sent')
    },
  }
}
