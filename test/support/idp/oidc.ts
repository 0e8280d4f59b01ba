import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import { exportJWK, generateKeyPair } from 'jose'
import { type Adapter, type AdapterPayload, type Configuration, Provider } from 'oidc-provider'

import { secretText } from './openid.ts'
import type { Answered, Asked, Faults } from './server.ts'
import type { TestCertificate } from './tls.ts'
import { PEOPLE, type Vendor } from './vendor.ts'

/**
 * A provider with dynamic client registration and management (RFC 7591, RFC 7592) that is nobody's emulation:
 * oidc-provider itself, with rotating registration access tokens as it has them by default. Faults see no bodies.
 */
export async function startOidc(certificate: TestCertificate): Promise<Vendor> {
  const store = new Map<string, AdapterPayload>()
  const seen = new Set<string>()
  const initialAccessToken = secretText()
  const faults: Faults = {}
  const log: string[] = []
  const server = createServer({ key: certificate.key, cert: certificate.cert }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `https://idp.gw.localhost:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, await configure(store, seen, initialAccessToken))
  const handle = provider.callback()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    const asked: Asked = { method: request.method ?? 'GET', url, headers: request.headers, body: '' }
    const failure = faults.before?.(asked)
    log.push(`${asked.method} ${url.pathname}`)
    if (failure === 'hang') return
    if (failure) return send(response, failure)
    obeyAfter(response, () => faults.after?.(asked, { status: response.statusCode }))
    await (url.pathname.startsWith('/interaction/')
      ? interact(provider, url, request, response)
      : handle(request, response))
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      // A mistake of the test's own server: loud, so that nobody takes it for the provider's word.
      console.error(error)
      send(response, { status: 500, body: { emulator: String(error) } })
    })
  })

  const clients = (): AdapterPayload[] =>
    [...store].filter(([key]) => key.startsWith('Client:')).map(([, record]) => record)
  return {
    settings: {
      kind: 'oidc',
      issuer,
      credentials: { initialAccessToken: { env: 'ACME_INITIAL_ACCESS_TOKEN' } },
      scopes: ['openid', 'profile', 'email', 'groups'],
    },
    environment: { ACME_INITIAL_ACCESS_TOKEN: initialAccessToken },
    faults,
    log,
    inventory: () => clients().map((client) => `client ${String(client['client_name'])}`),
    tamper(redirectUri) {
      for (const client of clients()) client['redirect_uris'] = [redirectUri]
    },
    redirectUris: () => clients().flatMap((client) => client['redirect_uris'] as string[]),
    liveSecrets: () => clients().map((client) => String(client['client_secret'])),
    secretsEverSeen: () => [initialAccessToken, ...seen],
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function configure(
  store: Map<string, AdapterPayload>,
  seen: Set<string>,
  initialAccessToken: string,
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return {
    adapter: (name) => remember(name, store, seen),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'provider-key', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [secretText()] },
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true, initialAccessToken },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
      rpInitiatedLogout: { enabled: true },
    },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount(_ctx, sub) {
      const person = PEOPLE.find((candidate) => candidate.sub === sub)
      if (!person) return undefined
      const { name, email, groups } = person
      return { accountId: sub, claims: async () => ({ sub, name, email, email_verified: true, groups }) }
    },
    // Nobody is asked for consent.
    async loadExistingGrant(ctx) {
      const { client, session, params } = ctx.oidc
      const grant = new ctx.oidc.provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
      const scope = params?.['scope']
      grant.addOIDCScope(typeof scope === 'string' ? scope : 'openid')
      await grant.save()
      return grant
    },
    ttl: { Grant: 3600, Interaction: 3600, Session: 3600, IdToken: 3600, AccessToken: 3600 },
  }
}

/** The page of people to sign in as, and what follows from a click there. */
async function interact(
  provider: Provider,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sub = url.searchParams.get('as')
  if (sub !== null) return provider.interactionFinished(request, response, { login: { accountId: sub } })
  const links = PEOPLE.map((person) => `<li><a href="${url.pathname}?as=${person.sub}">${person.name}</a></li>`)
  send(response, { body: `<!doctype html><title>Provider</title><ul>${links.join('')}</ul>` })
}

/** Keeps an answer back where a fault wants it. */
function obeyAfter(response: ServerResponse, after: () => 'hang' | undefined): void {
  const end = response.end.bind(response) as (...rest: unknown[]) => ServerResponse
  response.end = (...rest: unknown[]) => (after() === 'hang' ? response : end(...rest))
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Answered): void {
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/html; charset=utf-8' : 'application/json', ...headers })
  response.end(isText ? body : JSON.stringify(body))
}

/** Notes what is secret: a registration access token is its own key. */
function remember(name: string, store: Map<string, AdapterPayload>, seen: Set<string>): Adapter {
  return {
    async upsert(id, payload) {
      store.set(`${name}:${id}`, payload)
      if (name === 'RegistrationAccessToken') seen.add(id)
      if (name === 'Client') seen.add(String(payload['client_secret']))
    },
    find: async (id) => store.get(`${name}:${id}`),
    destroy: async (id) => void store.delete(`${name}:${id}`),
    async findByUid(uid) {
      return [...store].find(([key, payload]) => key.startsWith(`${name}:`) && payload.uid === uid)?.[1]
    },
    async findByUserCode() {
      return undefined
    },
    async consume(id) {
      const record = store.get(`${name}:${id}`)
      if (record) record['consumed'] = Math.floor(Date.now() / 1000)
    },
    async revokeByGrantId(grantId) {
      for (const [key, payload] of store) {
        if (key.startsWith(`${name}:`) && payload.grantId === grantId) store.delete(key)
      }
    },
  }
}
