import { createHash, randomBytes } from 'node:crypto'

import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import type { Answered, Asked, Handler } from './server.ts'

/** Someone in the vendor's directory. */
export interface Person {
  sub: string
  name: string
  email: string
  /** Names of groups (at Auth0: roles). */
  groups: string[]
}

/** A client as it stands in the vendor's tenant at this moment. */
export interface SignInClient {
  /** Those that are good now. */
  secrets: string[]
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  grantTypes: string[]
  pkceRequired: boolean
  /** `any` where the vendor takes both ways of sending the secret. */
  authMethod: 'client_secret_post' | 'client_secret_basic' | 'any'
  /** Gives refresh tokens whatever scopes are asked for, as Keycloak does. */
  refreshesAlways?: boolean
  /** Whether this person may enter at all (access groups, assignments, …). */
  admits(person: Person): boolean
  /** Claims beside sub, name, email and the protocol's own, as the vendor would put them in for these scopes. */
  claims(person: Person, scopes: readonly string[]): Record<string, unknown>
}

/** Where a vendor has its endpoints, and how it differs from the plain protocol. */
export interface OpenIdOptions {
  /** Issuer identifier; its discovery document is found under it. */
  issuer(): string
  people(): readonly Person[]
  findClient(clientId: string): SignInClient | undefined
  /** Paths under the issuer's origin. */
  paths: { authorize: string; token: string; jwks: string; logout: string; userinfo: string }
  /** Adds or changes members of the discovery document. */
  discovery?: (honest: Record<string, unknown>) => Record<string, unknown>
  /** Other grants at the same token endpoint, such as a client's own credentials for the vendor's API. */
  otherGrant?: (parameters: URLSearchParams, asked: Asked) => Answered | undefined | Promise<Answered | undefined>
}

interface Grant {
  clientId: string
  redirectUri: string
  nonce: string | null
  challenge: string | null
  scopes: string[]
  person: Person
  /** Seconds since 1970, where the request asked how long ago it was (`max_age`). */
  signedInAt: number | undefined
}

const HOUR = 3600

/**
 * The OpenID provider of an emulated vendor (OpenID Connect Core 1.0): discovery, keys, authorization with a page of
 * people to sign in as, token, userinfo, end of session. It takes exactly the clients of the vendor's tenant, with
 * exactly the redirect URIs, secrets and grants that they have there.
 */
export async function createOpenId(options: OpenIdOptions): Promise<Handler> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'vendor-key', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, Grant>()
  const refreshTokens = new Map<string, Grant>()
  const accessTokens = new Map<string, Grant>()

  async function tokens(grant: Grant, client: SignInClient): Promise<Answered> {
    const now = Math.floor(Date.now() / 1000)
    const signIn = grant.signedInAt === undefined ? {} : { auth_time: grant.signedInAt }
    const claims = { ...standardClaims(grant), ...signIn, ...client.claims(grant.person, grant.scopes) }
    const idToken = await new SignJWT({ ...claims, nonce: grant.nonce ?? undefined })
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid })
      .setIssuer(options.issuer())
      .setAudience(grant.clientId)
      .setIssuedAt(now)
      .setExpirationTime(now + HOUR)
      .sign(privateKey)
    const accessToken = secretText()
    accessTokens.set(accessToken, grant)
    const isAsked = client.refreshesAlways === true || grant.scopes.includes('offline_access')
    const mayRefresh = isAsked && client.grantTypes.includes('refresh_token')
    const refreshToken = mayRefresh ? secretText() : undefined
    if (refreshToken) refreshTokens.set(refreshToken, grant)
    return {
      body: {
        access_token: accessToken,
        token_type: 'Bearer',
        expires_in: HOUR,
        id_token: idToken,
        scope: grant.scopes.join(' '),
        ...(refreshToken ? { refresh_token: refreshToken } : {}),
      },
    }
  }

  function authorize({ url }: Asked): Answered {
    const query = url.searchParams
    const client = options.findClient(query.get('client_id') ?? '')
    const redirectUri = query.get('redirect_uri') ?? ''
    // Neither may be answered by a redirect (RFC 6749 §4.1.2.1).
    if (!client) return page(400, 'unknown client')
    if (!client.redirectUris.includes(redirectUri))
      return page(400, 'redirect_uri_mismatch: this address is not registered')
    const back = (parameters: Record<string, string>): Answered => {
      const target = new URL(redirectUri)
      for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value)
      target.searchParams.set('state', query.get('state') ?? '')
      return { status: 303, headers: { location: target.href } }
    }
    if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' })
    if (!client.grantTypes.includes('authorization_code')) return back({ error: 'unauthorized_client' })
    const challenge = query.get('code_challenge')
    if (client.pkceRequired && !challenge) return back({ error: 'invalid_request' })
    // Left out, it means `plain` (RFC 7636 §4.3).
    if (challenge && query.get('code_challenge_method') !== 'S256') return back({ error: 'invalid_request' })
    const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean)
    if (!scopes.includes('openid')) return back({ error: 'invalid_scope' })
    const person = options.people().find(({ sub }) => sub === query.get('sign_in_as'))
    if (!person) return page(200, choices(url, options.people()))
    if (!client.admits(person)) return back({ error: 'access_denied' })
    const code = secretText()
    codes.set(code, {
      clientId: query.get('client_id') ?? '',
      redirectUri,
      nonce: query.get('nonce'),
      challenge,
      scopes,
      person,
      // Whoever is chosen signs in at that moment.
      signedInAt: query.has('max_age') ? Math.floor(Date.now() / 1000) : undefined,
    })
    return back({ code })
  }

  async function token(asked: Asked): Promise<Answered> {
    const parameters = new URLSearchParams(asked.body)
    const grantType = parameters.get('grant_type') ?? ''
    if (grantType !== 'authorization_code' && grantType !== 'refresh_token') {
      return (await options.otherGrant?.(parameters, asked)) ?? refuse('unsupported_grant_type')
    }
    const presented = presentedCredential(parameters, asked)
    const client = options.findClient(presented.clientId)
    const rightMethod = client && (client.authMethod === 'any' || client.authMethod === presented.method)
    if (!client || !rightMethod || !client.secrets.includes(presented.secret)) return refuse('invalid_client', 401)
    if (!client.grantTypes.includes(grantType)) return refuse('unauthorized_client')
    const store = grantType === 'refresh_token' ? refreshTokens : codes
    const value = parameters.get(grantType === 'refresh_token' ? 'refresh_token' : 'code') ?? ''
    const grant = store.get(value)
    store.delete(value)
    if (!grant || grant.clientId !== presented.clientId) return refuse('invalid_grant')
    if (grantType === 'authorization_code') {
      if (grant.redirectUri !== parameters.get('redirect_uri')) return refuse('invalid_grant')
      if (grant.challenge !== null && grant.challenge !== s256(parameters.get('code_verifier') ?? ''))
        return refuse('invalid_grant')
    }
    return tokens(grant, client)
  }

  return (asked) => {
    const issuer = new URL(options.issuer())
    if (asked.url.host !== issuer.host) return undefined
    const { pathname } = asked.url
    const { paths } = options
    if (pathname === `${issuer.pathname.replace(/\/$/, '')}/.well-known/openid-configuration`) {
      const honest = metadata(options)
      return { body: options.discovery?.(honest) ?? honest }
    }
    if (pathname === paths.jwks) return { body: { keys: [jwk] } }
    if (pathname === paths.authorize) return authorize(asked)
    if (pathname === paths.token && asked.method === 'POST') return token(asked)
    if (pathname === paths.userinfo) {
      const grant = accessTokens.get(asked.headers.authorization?.replace(/^Bearer /, '') ?? '')
      return grant ? { body: standardClaims(grant) } : refuse('invalid_token', 401)
    }
    if (pathname === paths.logout) return logout(asked, options)
    return undefined
  }
}

function logout({ url }: Asked, options: OpenIdOptions): Answered {
  const client = options.findClient(url.searchParams.get('client_id') ?? '')
  const target = url.searchParams.get('post_logout_redirect_uri')
  if (!target) return page(200, 'You are signed out.')
  if (!client?.postLogoutRedirectUris.includes(target)) return page(400, 'this address is not registered')
  return { status: 303, headers: { location: target } }
}

function metadata(options: OpenIdOptions): Record<string, unknown> {
  const { paths } = options
  const issuer = options.issuer()
  const { origin } = new URL(issuer)
  return {
    issuer,
    authorization_endpoint: origin + paths.authorize,
    token_endpoint: origin + paths.token,
    userinfo_endpoint: origin + paths.userinfo,
    jwks_uri: origin + paths.jwks,
    end_session_endpoint: origin + paths.logout,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  }
}

/** What the scopes ask for, and nothing else (OpenID Connect Core 1.0 §5.4). */
function standardClaims({ person: { sub, name, email }, scopes }: Grant): Record<string, unknown> {
  return {
    sub,
    ...(scopes.includes('profile') ? { name } : {}),
    ...(scopes.includes('email') ? { email, email_verified: true } : {}),
  }
}

/** Reads the client's own credential (RFC 6749 §2.3.1). */
export function presentedCredential(parameters: URLSearchParams, { headers }: Asked) {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1]
  if (basic === undefined) {
    const [clientId, secret] = [parameters.get('client_id') ?? '', parameters.get('client_secret') ?? '']
    return { method: 'client_secret_post', clientId, secret } as const
  }
  const [clientId = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
  return { method: 'client_secret_basic', clientId, secret } as const
}

function choices(url: URL, people: readonly Person[]): string {
  const links = people.map(({ sub, name }) => {
    const target = new URL(url)
    target.searchParams.set('sign_in_as', sub)
    return `<li><a href="${(target.pathname + target.search).replaceAll('&', '&amp;')}">${name}</a></li>`
  })
  return `<ul>${links.join('')}</ul>`
}

function page(status: number, content: string): Answered {
  return { status, body: `<!doctype html><title>Vendor</title><h1>Vendor</h1>${content}` }
}

function refuse(error: string, status = 400): Answered {
  return { status, body: { error } }
}

/** An unguessable text, as vendors make them. */
export function secretText(): string {
  return randomBytes(24).toString('base64url')
}

function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
