import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type ClientMetadata, type Configuration, Provider } from 'oidc-provider'

import { signingKey } from './keys.ts'

/** oidc-provider itself, apart from this folder's entry because it takes a while to load. It asks nobody for a password: `alice` is signed in. */
export interface HonestProvider {
  issuer: string
  provider: Provider
  close(): Promise<void>
}

/** @param clients what is registered there, without redirect URIs */
export async function startHonestProvider(
  clients: ClientMetadata[],
  redirectUri: string,
  change: Partial<Configuration> = {},
): Promise<HonestProvider> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateJwk } = await signingKey('honest')
  const defaults = { redirect_uris: [redirectUri], grant_types: ['authorization_code', 'refresh_token'] }
  const provider = new Provider(issuer, {
    jwks: { keys: [privateJwk] },
    clients: clients.map((client) => ({ ...defaults, id_token_signed_response_alg: 'RS256', ...client })),
    cookies: { keys: ['not a secret: nobody else comes here'] },
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    features: { devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: true } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: async () => ({
        sub,
        name: 'Alice',
        email: 'alice@acme.example',
        email_verified: true,
        groups: ['staff'],
      }),
    }),
    issueRefreshToken: async () => true,
    async loadExistingGrant(ctx) {
      const { client, session, params } = ctx.oidc
      const grant = new ctx.oidc.provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
      const scope = params?.['scope']
      grant.addOIDCScope(typeof scope === 'string' ? scope : 'openid')
      await grant.save()
      return grant
    },
    ...change,
  })
  const handle = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response)
    void provider.interactionFinished(request, response, { login: { accountId: 'alice' } })
  })
  return {
    issuer,
    provider,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

/** Follows redirects with cookies, as a browser does, until they leave the provider. @returns the callback's address */
export async function browse(start: URL): Promise<URL> {
  const jar = new Map<string, string>()
  let url = start
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`the provider answered ${response.status}: ${await response.text()}`)
    url = new URL(location, url)
    if (url.origin !== start.origin) return url
  }
  throw new Error('the provider redirects in circles')
}
