import { once } from 'node:events'
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'

import { expect, it, onTestFinished } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { startGatewayProcess } from '../../support/gateway-process.ts'
import { startOpenIdProvider } from '../../support/openid-provider.ts'
import { freePorts } from '../../support/ports.ts'
import { baseConfig, makeSecrets } from '../../support/release.ts'
import { signInLink } from '../../support/visitor.ts'

const COOKIE = '__Host-gatewright-session'
const PEOPLE = 12

/** A gateway of two workers on one SQLite file, with its provider and app. */
async function startOnTwoCores() {
  const [listenPort = 0, adminPort = 0, providerPort = 0, appPort = 0] = await freePorts(4)
  const provider = await startOpenIdProvider(providerPort)
  const app = createServer((_request, response) => response.end('app')).listen(appPort, '127.0.0.1')
  await once(app, 'listening')
  const config = baseConfig({ listenPort, adminPort, appPort, issuer: provider.issuer })
  config.workers = 2
  const gateway = await startGatewayProcess({ config, secrets: makeSecrets(['acme']) })
  onTestFinished(async () => {
    await gateway.stop()
    app.closeAllConnections()
    await Promise.all([provider.close(), once(app.close(), 'close')])
  })
  const login = config.brands['default']?.url ?? ''
  const hello = config.routes['hello']?.from ?? ''
  /** By a connection of its own, so that workers take turns. */
  const send = async (origin: string, path: string, headers: Record<string, string>, method = 'GET') => {
    const all = { host: new URL(origin).host, accept: 'application/json', ...headers }
    const outgoing = httpRequest({
      host: '127.0.0.1',
      port: listenPort,
      path,
      method,
      headers: all,
      agent: false,
    }).end()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    return { status: response.statusCode ?? 0, text: await text(response) }
  }
  return { login, hello, send, gateway, admin: `http://127.0.0.1:${adminPort}` }
}

it('workers on one SQLite file: many sign in at once, and signing out at one ends the session at both', async () => {
  const { login, hello, send, gateway, admin } = await startOnTwoCores()
  const everywhere = async (cookie: string) =>
    (await Promise.all(Array.from({ length: 6 }, () => send(hello, '/', { cookie })))).map(({ status }) => status)
  const signIn = async () => {
    const browser = createBrowser()
    await browser.open(signInLink(await browser.open(`${login}/sign-in?login_hint=alice`)))
    const page = await browser.open(`${hello}/`)
    expect(page.text).toBe('app')
    return browser
  }
  const browsers = await Promise.all(Array.from({ length: PEOPLE }, signIn))
  expect(gateway.log()).not.toContain('store_unavailable')
  for (const browser of browsers) {
    expect(await everywhere(await browser.jar.getCookieString(hello))).toEqual(Array(6).fill(200))
  }
  const [alice] = browsers
  const cookie = (await alice?.jar.getCookieString(hello)) ?? ''
  expect(cookie).toContain(COOKIE)
  const loginCookie = (await alice?.jar.getCookieString(login)) ?? ''
  expect((await send(login, '/sign-out', { cookie: loginCookie, origin: login }, 'POST')).status).toBe(303)
  await expect.poll(() => everywhere(cookie), { timeout: 1_000, interval: 50 }).toEqual(Array(6).fill(401))
  expect(await (await fetch(`${admin}/metrics`)).text()).toContain('gatewright_workers 2')
}, 60_000)
