import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterEach, describe, expect, it } from 'vitest'

import { createProvider } from '../../../runtime/providers/index.ts'
import { baseConfig } from '../../support/release.ts'

const SECRET = 'the-secret+of/ours'
const LOGIN = 'https://login.acme.example'
const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** A provider whose token endpoint answers as a test says. */
async function providerThat(
  answer: (form: URLSearchParams) => { status: number; body: string; headers?: Record<string, string> },
  names = ['first'],
) {
  const asked: { form: URLSearchParams; authorization: string | undefined }[] = []
  const server = createServer((request: IncomingMessage, response) => {
    const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const respond = async (): Promise<void> => {
      if (request.url !== '/token') {
        const endpoints = {
          authorization_endpoint: `${own}/authorize`,
          token_endpoint: `${own}/token`,
          jwks_uri: `${own}/jwks`,
        }
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ issuer: own, ...endpoints }))
        return
      }
      const form = new URLSearchParams(await text(request))
      asked.push({ form, authorization: request.headers.authorization })
      const { status, body, headers } = answer(form)
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    }
    void respond()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push({
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { acme } = baseConfig({ listenPort: 1, adminPort: 2, appPort: 3, issuer }).identityProviders
  if (!acme) throw new Error('there is no provider acme')
  const [first, ...others] = names.map(
    (name) => ({ name, clientId: 'client', proof: { kind: 'secret', secret: SECRET } }) as const,
  )
  if (!first) throw new Error('a provider has a credential')
  return { provider: createProvider('acme', acme, [first, ...others]), asked }
}

const error = (status: number, code: string, description?: string) => ({
  status,
  body: JSON.stringify({ error: code, error_description: description }),
})

describe('a credential', () => {
  it.each([
    ['accepted', 'Okta, Keycloak, PingOne, Google', error(400, 'invalid_grant')],
    ['accepted', 'Auth0', error(403, 'invalid_grant')],
    ['refused', 'Okta, PingOne, Google', error(401, 'invalid_client')],
    ['refused', 'Auth0', error(401, 'access_denied')],
    ['refused', 'Keycloak', error(401, 'unauthorized_client')],
    ['refused', 'Entra before it knows the application', error(400, 'unauthorized_client', 'AADSTS700016: not found')],
    ['refused', 'Pocket ID below 2.14', error(400, 'Invalid client secret')],
    ['refused', 'a challenge', { ...error(401, 'x'), headers: { 'www-authenticate': 'Basic realm="x"' } }],
    ['cannot-tell', 'a busy server', error(429, 'slow_down')],
    ['cannot-tell', 'a broken server', { status: 500, body: '<h1>oops</h1>' }],
    ['cannot-tell', 'a page', { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }],
  ])('is %s by the answer of %s', async (verdict, _, answer) => {
    const { provider, asked } = await providerThat(() => answer)
    expect(await provider.showCredentials(LOGIN)).toMatchObject([{ name: 'first', verdict }])
    expect(asked).toHaveLength(1)
    expect(Object.fromEntries(asked[0]?.form ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      client_id: 'client',
      client_secret: SECRET,
      redirect_uri: `${LOGIN}/callback/acme`,
      code: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it.each([
    ['accepted', { status: 200, body: '{"access_token":"t","token_type":"Bearer"}' }],
    ['refused', error(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided')],
  ])('is %s at Entra by a grant without a code, which is judged before the secret', async (verdict, answer) => {
    const { provider, asked } = await providerThat((form) =>
      form.get('grant_type') === 'client_credentials'
        ? answer
        : error(400, 'invalid_grant', 'AADSTS9002313: Invalid request'),
    )
    expect(await provider.showCredentials(LOGIN)).toMatchObject([{ verdict }])
    expect(asked.at(-1)?.form.get('scope')).toBe('client/.default')
  })

  it('is never repeated, nor does a provider’s word steer anything', async () => {
    const { provider } = await providerThat(() =>
      error(400, 'invalid_grant', `\u001b[2J ${SECRET} ${'x'.repeat(1_000)}`),
    )
    const said = (await provider.showCredentials(LOGIN)).map((verdict) => verdict.said).join()
    expect(said).not.toContain(SECRET)
    expect(said).toContain('[secret]')
    expect(said.length).toBeLessThan(400)
    expect(said).toMatch(/^[\x20-\x7e]*$/)
  })

  it('is told apart from the others', async () => {
    let times = 0
    const { provider } = await providerThat(
      () => ((times += 1) === 1 ? error(401, 'invalid_client') : error(400, 'invalid_grant')),
      ['first', 'second'],
    )
    expect(await provider.showCredentials(LOGIN)).toMatchObject([
      { name: 'first', verdict: 'refused' },
      { name: 'second', verdict: 'accepted' },
    ])
  })

  it('cannot be told where nobody answers', async () => {
    const { provider } = await providerThat(() => error(400, 'invalid_grant'))
    for (const server of servers.splice(0)) await server.close()
    expect(await provider.showCredentials(LOGIN)).toMatchObject([{ verdict: 'cannot-tell' }])
  })
})
