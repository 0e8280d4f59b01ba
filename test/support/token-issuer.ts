import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'

/** An issuer of access tokens under a test's control; asks nobody for anything. */
export interface TokenIssuer {
  issuer: string
  /** An access token for the audience `https://api.acme.example`, with what is given changed; undefined leaves a claim out. */
  token(claims?: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>
  /** The public key, as it is published. */
  jwk: JWK
  /** Paths that were asked for, oldest first. */
  requests: string[]
  /** Changes what a path is answered with; undefined breaks the connection. */
  answer: (path: string, honest: Answer) => Answer | undefined
  close(): Promise<void>
}

export interface Answer {
  status: number
  json: unknown
}

export const AUDIENCE = 'https://api.acme.example'

/** @param path of the issuer identifier, like `/realms/ci`; empty where the issuer is the origin alone */
export async function startTokenIssuer(path = ''): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' }
  const requests: string[] = []
  const server = createServer((request, response) => {
    const asked = request.url ?? ''
    requests.push(asked)
    const answered = issuing.answer(asked, honest(request))
    if (!answered) return response.destroy()
    return response
      .writeHead(answered.status, { 'content-type': 'application/json' })
      .end(typeof answered.json === 'string' ? answered.json : JSON.stringify(answered.json))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `http://issuer.gw.localhost:${typeof address === 'object' ? address?.port : 0}`
  const issuer = origin + path

  function honest({ url }: IncomingMessage): Answer {
    if (url === `${path}/.well-known/openid-configuration`) {
      return { status: 200, json: { issuer, jwks_uri: `${issuer}/jwks` } }
    }
    return url === `${path}/jwks` ? { status: 200, json: { keys: [jwk] } } : { status: 404, json: {} }
  }

  const issuing: TokenIssuer = {
    issuer,
    jwk,
    requests,
    answer: (_path, answered) => answered,
    token(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000)
      const payload = {
        iss: issuer,
        aud: AUDIENCE,
        sub: 'ci',
        iat: now,
        exp: now + 300,
        groups: ['deployers'],
        ...claims,
      }
      return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
        .setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'at+jwt', ...header })
        .sign(privateKey)
    },
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
  return issuing
}
