import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'

import * as oidc from 'openid-client'

import { loopbackLookup } from '../../runtime/net/index.ts'

/** A client as some software is told of it. */
export interface ToldClient {
  issuer: string
  clientId: string
  clientSecret: string
  redirectUri: string
  scopes: string
  /** Whether the software sends a code challenge. */
  pkce: boolean
  authMethod: 'client_secret_basic' | 'client_secret_post'
}

/**
 * Signs somebody in as that software would, at a vendor's emulator.
 * @param person `sub` of whom the emulator is to sign in
 * @param ca to trust, in PEM
 * @returns the claims of the ID token
 * @throws AuthorizationResponseError, ResponseBodyError where the provider refuses
 */
export async function signInAt(client: ToldClient, person: string, ca: string): Promise<oidc.IDToken> {
  const configuration = await configure(client, ca)
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: client.redirectUri,
    scope: client.scopes,
    state,
    sign_in_as: person,
    ...(client.pkce && {
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }),
  })
  const { headers } = await trusting(ca)(url.href, NAVIGATION)
  const back = new URL(headers.get('location') ?? 'about:blank')
  const checks = { expectedState: state, ...(client.pkce && { pkceCodeVerifier: verifier }) }
  const tokens = await oidc.authorizationCodeGrant(configuration, back, checks)
  const claims = tokens.claims()
  if (claims === undefined) throw new TypeError('there is no ID token')
  return claims
}

const NAVIGATION = { method: 'GET', headers: {}, body: undefined, redirect: 'manual' } as const

/** Finds the provider, and says how the client shows its secret there. */
export function configure(client: ToldClient, ca?: string): Promise<oidc.Configuration> {
  const { issuer, clientId, clientSecret, authMethod } = client
  const show = authMethod === 'client_secret_basic' ? oidc.ClientSecretBasic : oidc.ClientSecretPost
  const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []
  return oidc.discovery(new URL(issuer), clientId, undefined, show(clientSecret), {
    [oidc.customFetch]: trusting(ca),
    execute,
  })
}

/** fetch for hosts of this machine, which follows no redirect. */
export function trusting(ca: string | undefined): oidc.CustomFetch {
  return async (url, { method, headers, body }) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const outgoing = send(url, {
      ca,
      method,
      headers,
      lookup: loopbackLookup,
      agent: false,
    })
    outgoing.end(body instanceof URLSearchParams ? body.toString() : undefined)
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    const content = await buffer(response)
    const answered = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
    const isEmpty = content.length === 0
    return new Response(isEmpty ? null : new Uint8Array(content), {
      status: response.statusCode ?? 0,
      headers: answered,
    })
  }
}
