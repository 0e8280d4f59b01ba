import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'

import { issueToken, watchToken } from './issued-tokens.ts'

/** Claims of an ID token; undefined leaves one out. */
export type Claims = Record<string, unknown>

/** What a test makes the provider do; everything has an honest default. */
export interface Behaviour {
  person: Claims
  /** Changes the ID token's claims just before they are signed. */
  claims: (honest: Claims) => Claims
  /** Makes the ID token; the default signs with the published key. */
  idToken:
    | ((
        claims: Claims,
        sign: (claims: Claims, header?: Partial<JWTHeaderParameters>) => Promise<string>,
      ) => Promise<string>)
    | undefined
  /** Changes the parameters of the redirect back. */
  answer: (honest: Record<string, string>) => [string, string][]
  discovery: (honest: Record<string, unknown>) => Record<string, unknown>
  userinfo: Claims | undefined
  /** How long access tokens live, in seconds. */
  accessSeconds: number
  /** What a refresh is answered with; the honest answer has new tokens, and an ID token of the person as they are now. */
  refresh: (honest: Record<string, unknown>) => { status?: number; json: Record<string, unknown> }
  /** Client secrets that are good at this moment, whichever the client. */
  clientSecrets: readonly string[]
  /** What a client is told whose secret is not good; that it used no code up is honest always. */
  clientRefusal: { status: number; error: string }
}

/**
 * The same, of somebody who was never here: an address of their own too, since another person with an existing account's address
 * would be asked to show that it is theirs.
 */
export function newcomer(claims: Claims): Claims {
  const sub = randomUUID()
  return { ...claims, sub, email: `${sub}@acme.example` }
}

/** A provider under a test's control: honest by default, hostile on demand. It asks nobody for a password. */
export interface OpenIdProvider {
  issuer: string
  behaviour: Behaviour
  /** Parsed bodies of requests to the token endpoint. */
  tokenRequests: URLSearchParams[]
  /** Queries of requests to the authorization endpoint. */
  authorizationRequests: URLSearchParams[]
  jwksRequests: () => number
  discoveryRequests: () => number
  close(): Promise<void>
}

const HONEST: Behaviour = {
  person: {
    sub: 'alice',
    name: 'Alice Archer',
    email: 'alice@acme.example',
    email_verified: true,
    groups: ['staff'],
  },
  claims: (honest) => honest,
  idToken: undefined,
  answer: (honest) => Object.entries(honest),
  discovery: (honest) => honest,
  userinfo: undefined,
  accessSeconds: 300,
  refresh: (honest) => ({ json: honest }),
  clientSecrets: ['client-secret-value-first'],
  clientRefusal: { status: 401, error: 'invalid_client' },
}

/** @param port where it listens on 127.0.0.1; its issuer is `http://idp.gw.localhost:<port>` */
export async function startOpenIdProvider(port: number, behaviour: Partial<Behaviour> = {}): Promise<OpenIdProvider> {
  const issuer = `http://idp.gw.localhost:${port}`
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }
  const provider = { behaviour: { ...HONEST, ...behaviour } }
  const requests = { token: [] as URLSearchParams[], authorization: [] as URLSearchParams[], jwks: 0, discovery: 0 }
  const grants = new Map<string, URLSearchParams>()
  /** Access token → whose it is, as the ID token beside it said. */
  const accessTokens = new Map<string, unknown>()
  /** Refresh token → whose it is. */
  const refreshTokens = new Map<string, unknown>()

  const sign = (claims: Claims, header: Partial<JWTHeaderParameters> = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(privateKey)

  async function respond(request: IncomingMessage): Promise<Answered> {
    const url = new URL(request.url ?? '/', issuer)
    const { behaviour: now } = provider
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        requests.discovery += 1
        return { json: now.discovery(metadata(issuer)) }
      case '/jwks':
        requests.jwks += 1
        return { json: { keys: [jwk] } }
      case '/authorize': {
        requests.authorization.push(url.searchParams)
        const code = `code-${requests.authorization.length}`
        grants.set(code, url.searchParams)
        const back = new URL(url.searchParams.get('redirect_uri') ?? issuer)
        const honest = { code, state: url.searchParams.get('state') ?? '', iss: issuer }
        for (const [name, value] of now.answer(honest)) back.searchParams.append(name, value)
        return { status: 303, location: back.href }
      }
      case '/token': {
        const body = new URLSearchParams(await text(request))
        requests.token.push(body)
        const client = presentedClient(request, body)
        if (!now.clientSecrets.includes(client.secret)) return refusedClient(now.clientRefusal, client.challenge)
        const seconds = Math.floor(Date.now() / 1000)
        const tokens = {
          access_token: issueToken('access'),
          refresh_token: issueToken('refresh'),
          token_type: 'Bearer',
          expires_in: now.accessSeconds,
        }
        const honest = { iss: issuer, aud: client.id, iat: seconds, exp: seconds + 300 }
        if (body.get('grant_type') === 'refresh_token') {
          const presented = body.get('refresh_token') ?? ''
          if (!refreshTokens.has(presented)) return { status: 400, json: { error: 'invalid_grant' } }
          const sub = refreshTokens.get(presented)
          refreshTokens.set(tokens.refresh_token, sub)
          accessTokens.set(tokens.access_token, sub)
          return now.refresh({ ...tokens, id_token: watchToken(await sign({ ...now.person, ...honest, sub })) })
        }
        const grant = grants.get(body.get('code') ?? '')
        if (grant?.get('client_id') !== client.id) return { status: 400, json: { error: 'invalid_grant' } }
        grants.delete(body.get('code') ?? '')
        const claims = now.claims({ ...now.person, ...honest, nonce: grant.get('nonce') })
        const id_token = await (now.idToken ? now.idToken(claims, sign) : sign(claims))
        refreshTokens.set(tokens.refresh_token, claims['sub'])
        accessTokens.set(tokens.access_token, claims['sub'])
        return { json: { ...tokens, id_token: watchToken(id_token) } }
      }
      case '/userinfo':
        return { json: now.userinfo ?? { sub: accessTokens.get(bearerOf(request)) } }
      case '/logout':
        return { status: 303, location: afterLogout(url.searchParams) ?? issuer }
      default:
        return { status: 404 }
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status = 200, location, challenge, json } = await respond(request)
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(location ? { location } : {}),
      ...(challenge ? { 'www-authenticate': challenge } : {}),
    })
    response.end(json === undefined ? '' : JSON.stringify(json))
  }

  const server = createServer((request, response) => {
    void answer(request, response)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    issuer,
    behaviour: provider.behaviour,
    tokenRequests: requests.token,
    authorizationRequests: requests.authorization,
    jwksRequests: () => requests.jwks,
    discoveryRequests: () => requests.discovery,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

interface Answered {
  status?: number
  location?: string
  challenge?: string | undefined
  json?: unknown
}

/** RFC 6750 §2.1. */
function bearerOf({ headers }: IncomingMessage): string {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}

/** RFC 6749 §2.3.1, both ways; a client that used the Basic scheme is answered by a challenge (§5.2). */
function presentedClient({ headers }: IncomingMessage, body: URLSearchParams) {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1]
  if (!basic) return { id: body.get('client_id') ?? '', secret: body.get('client_secret') ?? '', challenge: undefined }
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
  return { id, secret, challenge: 'Basic realm="test"' }
}

function refusedClient({ status, error }: Behaviour['clientRefusal'], challenge: string | undefined): Answered {
  return { status, challenge, json: { error, error_description: 'the client could not be authenticated' } }
}

/** With the `state` that came along (RP-Initiated Logout 1.0 §3). */
function afterLogout(query: URLSearchParams): string | undefined {
  const back = URL.parse(query.get('post_logout_redirect_uri') ?? '')
  const state = query.get('state')
  if (state !== null) back?.searchParams.set('state', state)
  return back?.href
}

function metadata(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/logout`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  }
}
