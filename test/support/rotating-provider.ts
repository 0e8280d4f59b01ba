import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { exportJWK, generateKeyPair } from 'jose'
import { type AdapterFactory, type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider'

import { openRecords } from '../../infra/local/identity-provider/records.ts'

import { watchToken } from './issued-tokens.ts'

const HOUR = 60 * 60

/** How a request to the token endpoint is kept from being answered: before the provider looks at it, or after. */
export type Hold = 'unheard' | 'unanswered'

/**
 * oidc-provider itself, with refresh tokens that change at each use: one that comes twice ends the grant (RFC 9700 §4.14.2).
 * It asks nobody for a password: people are who the login hint says.
 */
export interface RotatingProvider {
  issuer: string
  /** How many refresh grants it has made and refused. */
  refreshes: { granted: number; refused: number }
  /** What happens to the next requests to the token endpoint. */
  holds: Hold[]
  /** How many are held. */
  held: () => number
  /** Groups of everybody, from now on. */
  groups: string[]
  /** Who has no account any more, from now on. */
  disabled: Set<string>
  close(): Promise<void>
}

export interface RotatingProviderOptions {
  port: number
  client: { id: string; secret: string; redirectUri: string; postLogoutRedirectUri: string }
  /** How long access tokens live, in seconds. */
  accessSeconds: number
}

/** Starts one at `http://idp.gw.localhost:<port>`. */
export async function startRotatingProvider(options: RotatingProviderOptions): Promise<RotatingProvider> {
  const issuer = `http://idp.gw.localhost:${options.port}`
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-provider-'))
  const records = openRecords(folder)
  const state = {
    refreshes: { granted: 0, refused: 0 },
    holds: [] as Hold[],
    groups: ['staff'],
    disabled: new Set<string>(),
  }
  const provider = new Provider(issuer, await configure(options, records.adapter, state))
  const isRefresh = (ctx: KoaContextWithOIDC): boolean => ctx.oidc.params?.['grant_type'] === 'refresh_token'
  provider.on('grant.success', (ctx) => (state.refreshes.granted += isRefresh(ctx) ? 1 : 0))
  provider.on('grant.error', (ctx) => (state.refreshes.refused += isRefresh(ctx) ? 1 : 0))
  let held = 0
  provider.use(async (ctx, next) => {
    const hold = ctx.path === '/token' ? state.holds.shift() : undefined
    if (hold !== 'unheard') await next()
    if (ctx.path === '/token') watchTokens(ctx.body)
    if (hold === undefined) return
    held += 1
    ctx.respond = false
    await once(ctx.req.socket, 'close')
  })

  const handle = provider.callback()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith('/interaction/') !== true) return handle(request, response)
    const { params } = await provider.interactionDetails(request, response)
    const login = { accountId: String(params['login_hint']) }
    return provider.interactionFinished(request, response, { login })
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  }).listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(state, {
    issuer,
    held: () => held,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
      records.close()
      await rm(folder, { recursive: true })
    },
  })
}

function watchTokens(answer: unknown): void {
  const tokens = answer as { access_token?: string; refresh_token?: string; id_token?: string } | undefined
  for (const token of [tokens?.access_token, tokens?.refresh_token, tokens?.id_token]) if (token) watchToken(token)
}

async function configure(
  { client, accessSeconds }: RotatingProviderOptions,
  adapter: AdapterFactory,
  people: Pick<RotatingProvider, 'groups' | 'disabled'>,
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return {
    adapter,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'provider-key', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        post_logout_redirect_uris: [client.postLogoutRedirectUri],
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    scopes: ['openid', 'profile', 'email', 'groups'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    // Nothing of this test is about their lives.
    ttl: {
      AccessToken: accessSeconds,
      RefreshToken: HOUR,
      Grant: HOUR,
      IdToken: HOUR,
      Interaction: HOUR,
      Session: HOUR,
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount(_ctx, sub) {
      if (people.disabled.has(sub)) return undefined
      const claims = { sub, name: sub, email: `${sub}@acme.example`, email_verified: true }
      return { accountId: sub, claims: async () => ({ ...claims, groups: people.groups }) }
    },
    // Nobody is asked for consent.
    async loadExistingGrant(ctx) {
      const { client: asking, session, params } = ctx.oidc
      const grant = new ctx.oidc.provider.Grant({ clientId: asking?.clientId, accountId: session?.accountId })
      grant.addOIDCScope(String(params?.['scope']))
      await grant.save()
      return grant
    },
  }
}
