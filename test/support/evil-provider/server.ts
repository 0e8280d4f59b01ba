import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { type Bends, HONEST, type Json } from './bends.ts'
import { signingKey, type SigningKey } from './keys.ts'
import { createTokenEndpoint } from './token-endpoint.ts'
import { type Answered, fail, send } from './wire.ts'

/** What the provider has heard. */
export interface Heard {
  paths: string[]
  authorizations: URLSearchParams[]
  grants: URLSearchParams[]
}

/** An OpenID provider whose every answer can be bent; on 127.0.0.1, and it asks nobody for a password. */
export interface EvilProvider {
  issuer: string
  bends: Bends
  heard: Heard
  key: SigningKey
  count(path: string): number
  /** Makes everything honest again and forgets what was heard. */
  reset(): void
  close(): Promise<void>
}

/** @param path of the issuer below its origin */
export async function startEvilProvider(path = ''): Promise<EvilProvider> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const bends = { ...HONEST }
  const heard: Heard = { paths: [], authorizations: [], grants: [] }
  const parts = { issuer, key: await signingKey('key-1'), bends, requests: new Map<string, URLSearchParams>() }
  const tokenEndpoint = createTokenEndpoint(parts)
  let named = 0

  /** Keeps a request under a new name. */
  function keep(kind: string, request: URLSearchParams): string {
    named += 1
    parts.requests.set(`${kind}-${named}`, request)
    return `${kind}-${named}`
  }

  function authorize(query: URLSearchParams): Answered {
    const asked = parts.requests.get(query.get('request_uri') ?? '') ?? query
    heard.authorizations.push(asked)
    const back = new URL(asked.get('redirect_uri') ?? issuer)
    const honest = { code: keep('code', asked), state: asked.get('state') ?? '', iss: issuer }
    for (const [name, value] of bends.callback(honest)) back.searchParams.append(name, value)
    return { status: 303, location: back.href }
  }

  async function respond(place: string, query: URLSearchParams, body: URLSearchParams): Promise<Answered> {
    switch (place) {
      case '/.well-known/openid-configuration':
        return { json: bends.discovery(metadata(issuer)) }
      case '/jwks':
        return { json: { keys: bends.keys([parts.key.jwk]) } }
      case '/par':
        return { status: 201, json: { request_uri: keep('urn:request', body), expires_in: 60 } }
      case '/authorize':
        return authorize(query)
      case '/token':
        heard.grants.push(body)
        return tokenEndpoint.answer(body)
      case '/userinfo':
        return { json: bends.userinfo({ ...bends.person }) }
      default:
        return { status: 404 }
    }
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const answer = async () => {
      const url = new URL(request.url ?? '/', issuer)
      const place = url.pathname.slice(path.length)
      const body = new URLSearchParams(await text(request))
      heard.paths.push(place)
      const fault = bends.wire(place)
      if (fault) fail(response, fault)
      else send(response, await respond(place, url.searchParams, body))
    }
    // A mistake of the test's own: an answer that nobody takes for the provider's word.
    answer().catch((error: unknown) => response.writeHead(500).end(String(error)))
  })

  return {
    issuer,
    bends,
    heard,
    key: parts.key,
    count: (place) => heard.paths.filter((other) => other === place).length,
    reset() {
      Object.assign(bends, HONEST)
      Object.assign(heard, { paths: [], authorizations: [], grants: [] })
      tokenEndpoint.reset()
    },
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function metadata(issuer: string): Json {
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
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  }
}
