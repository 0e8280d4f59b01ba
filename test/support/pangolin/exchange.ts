import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

import { decodeJwt } from 'jose'

import { loopbackLookup } from '../../../runtime/net/index.ts'
import type { StoredClient } from './installation.ts'

/** What a sign-in begins with. */
interface Begun {
  state: string
  codeVerifier: string
  nonce: string
  callback: string
}

/** What comes of a code: the claims, or the words of the refusal. */
type Redeemed = { claims: Record<string, unknown> } | { refused: string }

/** The client's side of OpenID Connect, in the two ways in which Pangolin's versions do it. */
export interface Exchange {
  authorizationUrl(client: StoredClient, begun: Begun): Promise<string>
  redeem(client: StoredClient, returned: Omit<Begun, 'state'> & { code: string }): Promise<Redeemed>
}

/** @param ca certificate of the providers, in PEM */
export function createExchange(ca: string): Exchange {
  async function ask(url: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
    const { method = 'GET', headers = {}, body } = init
    const outgoing = httpsRequest(url, { ca, method, headers, lookup: loopbackLookup, agent: false }).end(body)
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    return { status: response.statusCode ?? 0, body: JSON.parse(await text(response)) as Record<string, unknown> }
  }

  async function endpointsOf({ authUrl, tokenUrl, discoveryUrl }: StoredClient) {
    if (discoveryUrl === undefined) return { authorize: authUrl ?? '', token: tokenUrl ?? '', issuer: undefined }
    const { body } = await ask(discoveryUrl)
    return {
      authorize: String(body['authorization_endpoint']),
      token: String(body['token_endpoint']),
      issuer: String(body['issuer']),
    }
  }

  return {
    async authorizationUrl(client, { state, codeVerifier, nonce, callback }) {
      const { authorize, issuer } = await endpointsOf(client)
      const url = new URL(authorize)
      const challenge = createHash('sha256').update(codeVerifier).digest('base64url')
      const query = {
        response_type: 'code',
        client_id: client.clientId,
        redirect_uri: callback,
        state,
        code_challenge_method: 'S256',
        code_challenge: challenge,
        scope: client.scopes.split(' ').filter(Boolean).join(' '),
        ...(issuer === undefined ? {} : { nonce }),
      }
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      return url.href
    },

    async redeem(client, { code, callback, codeVerifier, nonce }) {
      const { token, issuer } = await endpointsOf(client)
      const { clientId, clientSecret } = client
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: callback,
        code_verifier: codeVerifier,
      })
      const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' }
      // The older one shows the secret by HTTP Basic, without percent-encoding; the newer one in the form.
      if (issuer === undefined) headers['authorization'] = `Basic ${btoa(`${clientId}:${clientSecret}`)}`
      else
        for (const [name, value] of Object.entries({ client_id: clientId, client_secret: clientSecret }))
          form.set(name, value)
      const { status, body } = await ask(token, { method: 'POST', headers, body: form.toString() })
      const idToken = body['id_token']
      if (status !== 200 || typeof idToken !== 'string') {
        return { refused: `OIDC provider rejected the request (${String(body['error'])})` }
      }
      const claims = decodeJwt(idToken)
      const isFitting = issuer === undefined || (claims.iss === issuer && claims['nonce'] === nonce)
      return isFitting ? { claims } : { refused: 'unexpected ID token' }
    },
  }
}
