import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import { randomBytes, generateKeyPairSync } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { expect, it, onTestFinished } from 'vitest'

import { loopbackLookup } from '../../../runtime/net/index.ts'
import { type Browser, createBrowser } from '../../support/browser.ts'
import { type GatewayProcess, startGatewayProcess } from '../../support/gateway-process.ts'
import { requireNoTokens } from '../../support/issued-tokens.ts'
import { startOpenIdProvider } from '../../support/openid-provider.ts'
import { freePorts } from '../../support/ports.ts'
import { baseConfig, makeSecrets } from '../../support/release.ts'
import { signInLink } from '../../support/visitor.ts'

const REQUESTS_PER_SECOND = 200
const SECONDS = 20
const PEOPLE = 20
/** How long an app keeps our public keys: a key has to be shown for longer before it signs. */
const APP_KEEPS_KEYS_MS = 1_000

/** An app that lets nobody in without an assertion that it can verify with the keys that it has. */
async function startApp(port: number, jwksUrl: string, audience: string) {
  let known: { keys: JSONWebKeySet; until: number } | undefined
  const keys = async (): Promise<JSONWebKeySet> => {
    if (!known || Date.now() >= known.until) {
      known = { keys: JSON.parse((await get(jwksUrl)).text) as JSONWebKeySet, until: Date.now() + APP_KEEPS_KEYS_MS }
    }
    return known.keys
  }
  const server = createServer((request, response) => {
    void (async () => {
      const token = String(request.headers['x-gatewright-assertion'])
      const verified = await jwtVerify(token, createLocalJWKSet(await keys()), { audience }).catch(() => undefined)
      response.writeHead(verified ? 200 : 401).end(verified?.protectedHeader.kid ?? 'no assertion')
    })()
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const agent = new Agent({ keepAlive: true, maxSockets: 64, lookup: loopbackLookup })

async function get(url: string, cookie = ''): Promise<{ status: number; text: string }> {
  const headers = { accept: 'application/json', ...(cookie ? { cookie } : {}) }
  const outgoing = httpRequest(url, { agent, headers }).end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, text: await text(response) }
}

it(`client secret, signing key and sealing key change under ${REQUESTS_PER_SECOND} requests/s and nobody notices`, async () => {
  const [listenPort = 0, adminPort = 0, appPort = 0, providerPort = 0] = await freePorts(4)
  // Tokens live shorter than the test, so that sessions are refreshed with whatever secret is good by then.
  const provider = await startOpenIdProvider(providerPort, { accessSeconds: 4 })
  let count = 0
  provider.behaviour.claims = (honest) => {
    const sub = `person-${(count += 1)}`
    return { ...honest, sub, email: `${sub}@acme.example` }
  }
  const config = baseConfig({ listenPort, adminPort, appPort, issuer: provider.issuer })
  // A session that cannot be refreshed, because its tokens cannot be opened or no secret is taken, ends within the test.
  config.session.refreshGraceSeconds = 4
  const secrets = makeSecrets(['acme'])
  secrets.set('signing-key.k2', JSON.stringify(newSigningKey()))
  secrets.set('sealing-key.k2', randomBytes(32).toString('base64url'))
  const hello = config.routes['hello']?.from ?? ''
  const app = await startApp(appPort, `${config.brands['default']?.url}/.well-known/jwks.json`, hello)
  const gateway = await startGatewayProcess({ config, secrets })
  onTestFinished(async () => {
    agent.destroy()
    app.closeAllConnections()
    await Promise.all([provider.close(), once(app.close(), 'close')])
  })

  const people = await Promise.all(Array.from({ length: PEOPLE }, () => signInOnce(hello)))
  const cookies = await Promise.all(people.map((person) => person.jar.getCookieString(hello)))
  const answers = new Map<string, number>()
  const load = send(REQUESTS_PER_SECOND * SECONDS, (index) => get(`${hello}/`, cookies[index % PEOPLE]), answers)
  const newcomers = comeIn(hello, SECONDS)

  const put = async (change: (next: typeof config) => void): Promise<void> => {
    const next = structuredClone(config)
    change(next)
    Object.assign(config, next)
    await gateway.release({ config, secrets })
    await delay(2 * APP_KEEPS_KEYS_MS)
  }
  await rotate(put, provider)
  await Promise.all([load, newcomers])

  expect(Object.fromEntries(answers)).toEqual({ 200: REQUESTS_PER_SECOND * SECONDS })
  for (const person of people) expect((await person.open(`${hello}/`, { redirects: 0 })).status).toBe(200)
  await endsClean(gateway)
}, 120_000)

/** Each key and secret: first beside the old one, then before it, then alone. */
async function rotate(
  put: (change: (next: ReturnType<typeof baseConfig>) => void) => Promise<void>,
  provider: Awaited<ReturnType<typeof startOpenIdProvider>>,
): Promise<void> {
  const steps = [['k1', 'k2'], ['k2', 'k1'], ['k2']]
  provider.behaviour.clientSecrets = ['client-secret-value-first', 'client-secret-value-second']
  await put((next) => (next.registrations = { acme: [credential('second'), credential('first')] }))
  provider.behaviour.clientSecrets = ['client-secret-value-second']
  await put((next) => (next.registrations = { acme: [credential('second')] }))
  for (const names of steps) await put((next) => (next.keys.signing = names))
  for (const names of steps) await put((next) => (next.keys.sealing = names))
}

function credential(name: string) {
  return { name, clientId: 'gateway-client' }
}

function newSigningKey() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
}

async function signInOnce(url: string): Promise<Browser> {
  const browser = createBrowser()
  const page = await browser.open(signInLink(await browser.open(`${url}/`)))
  expect(page.status, page.text).toBe(200)
  return browser
}

/** Somebody new in every second. */
async function comeIn(url: string, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await signInOnce(url)
    await delay(800)
  }
}

/** Sends requests at an even pace, whether or not earlier ones are answered, and counts how they were. */
async function send(
  count: number,
  one: (index: number) => Promise<{ status: number }>,
  answers: Map<string, number>,
): Promise<void> {
  const began = performance.now()
  const sent: Promise<void>[] = []
  for (let index = 0; index < count; index += 1) {
    const wait = began + (index * 1_000) / REQUESTS_PER_SECOND - performance.now()
    if (wait > 0) await delay(wait)
    sent.push(
      one(index).then(
        ({ status }) => tally(answers, `${status}`),
        (error: unknown) => tally(answers, String(error)),
      ),
    )
  }
  await Promise.all(sent)
}

function tally(answers: Map<string, number>, key: string): void {
  answers.set(key, (answers.get(key) ?? 0) + 1)
}

async function endsClean(gateway: GatewayProcess): Promise<void> {
  const log = await gateway.stop()
  expect(log).toContain('Answered')
  requireNoTokens(log, 'the log')
}
