import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { type DeployedProvider, testDeployed, testPlanned } from '../../../infra/connection-test/index.ts'
import { type GoogleVendor, startGoogle } from '../../support/idp/google/index.ts'
import { createCertificate, type TestCertificate } from '../../support/idp/index.ts'
import { type RegistrationServer, startRegistrationServer } from '../../support/provider/registration-server.ts'

const CALLBACK = 'https://login.acme.example/callback/idp'
const servers: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

type Listener = (request: IncomingMessage, response: ServerResponse) => void

async function listen(make: (issuer: string) => Listener): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', make(issuer))
  servers.push({
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  })
  return issuer
}

/** A provider of which a test says how it answers authorization requests, and what its document has. */
async function startScripted(
  authorize: (query: URLSearchParams) => { status: number; location?: string; body?: string },
  change: (document: Record<string, unknown>) => object = (document) => document,
) {
  const requests: URL[] = []
  const { publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const issuer = await listen((own) => (request, response) => {
    const url = new URL(request.url ?? '/', own)
    requests.push(url)
    const endpoints = { authorization_endpoint: `${own}/authorize?tenant=acme`, token_endpoint: `${own}/token` }
    const documents: Record<string, unknown> = {
      '/.well-known/openid-configuration': change({ issuer: own, jwks_uri: `${own}/jwks`, ...endpoints }),
      '/jwks': { keys: [jwk] },
    }
    if (url.pathname !== '/authorize') {
      response.writeHead(documents[url.pathname] ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(documents[url.pathname] ?? {}))
      return
    }
    const { status, location, body } = authorize(url.searchParams)
    response.writeHead(status, { 'content-type': 'text/html', ...(location && { location }) }).end(body)
  })
  return { issuer, requests, paths: () => requests.map(({ pathname }) => pathname) }
}

function deployed(issuer: string, changes: Partial<DeployedProvider> = {}): DeployedProvider {
  return { id: 'idp', kind: 'oidc', issuer, clientId: 'client-1', callbackUrl: CALLBACK, secrets: [], ...changes }
}

async function test(provider: DeployedProvider) {
  const [result] = await testDeployed([provider])
  if (!result) throw new Error('no result')
  return result
}

describe('against an emulated Google', () => {
  let certificate: TestCertificate
  let google: GoogleVendor
  const trusted = getCACertificates('default')

  beforeAll(async () => {
    certificate = createCertificate()
    setDefaultCACertificates([...trusted, certificate.cert])
    google = await startGoogle(certificate)
  })
  afterAll(async () => {
    await google.close()
    setDefaultCACertificates(trusted)
    certificate.remove()
  })
  const provider = (changes: Partial<DeployedProvider> = {}) =>
    deployed(String(google.settings['issuer']), { kind: 'google', clientId: google.tenant.client.id, ...changes })

  it('tells a callback that was not pasted from one that was', async () => {
    const before = await test(provider())
    expect(before.discovery).toMatchObject({ problems: [], signingKeys: 1 })
    expect(before.callback).toMatchObject({ verdict: 'refused', part: 'callback' })
    expect(before.callback?.reason).toContain('redirect_uri_mismatch')
    google.tamper(CALLBACK)
    expect((await test(provider())).callback).toMatchObject({ verdict: 'accepted' })
  })

  it('tells a client that is not there', async () => {
    const { callback } = await test(provider({ clientId: 'gone.apps.googleusercontent.com' }))
    expect(callback).toMatchObject({ verdict: 'refused', part: 'client' })
  })
})

describe('against oidc-provider', () => {
  let server: RegistrationServer
  let clientId: string

  beforeAll(async () => {
    server = await startRegistrationServer()
    const registered = await fetch(`${server.issuer}/reg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.initialAccessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [CALLBACK] }),
    })
    clientId = ((await registered.json()) as { client_id: string }).client_id
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('has the callback proven by a request that is sent back to it', async () => {
    const { discovery, callback } = await test(deployed(server.issuer, { clientId }))
    expect(discovery).toMatchObject({ problems: [], signingKeys: 1 })
    expect(callback).toEqual({ verdict: 'accepted', reason: expect.stringContaining('login_required') })
  })

  it.each([
    ['callback', () => ({ clientId, callbackUrl: `${CALLBACK}/` })],
    ['client', () => ({ clientId: 'gone' })],
  ])('finds a %s that it does not know', async (part, changes) => {
    const { callback } = await test(deployed(server.issuer, changes()))
    expect(callback).toMatchObject({ verdict: 'refused', part })
  })
})

describe('the requests', () => {
  const answers = (query: URLSearchParams) =>
    query.get('redirect_uri') === CALLBACK ? { status: 200, body: 'sign in' } : { status: 400, body: 'bad' }

  it('are sign-ins as a browser begins them, compared with one for an address that nobody has', async () => {
    const { issuer, requests } = await startScripted(answers)
    expect((await test(deployed(issuer))).callback?.verdict).toBe('accepted')
    const queries = requests.filter(({ pathname }) => pathname === '/authorize').map(({ searchParams }) => searchParams)
    expect(queries.filter((query) => query.get('prompt') === 'none')).toHaveLength(1)
    expect(queries).toHaveLength(3)
    expect(new Set(queries.map((query) => query.get('redirect_uri')))).toEqual(
      new Set([CALLBACK, 'https://not-registered.invalid/callback']),
    )
    for (const query of queries) {
      expect(Object.fromEntries(query)).toMatchObject({
        tenant: 'acme',
        client_id: 'client-1',
        response_type: 'code',
        scope: 'openid',
        code_challenge_method: 'S256',
      })
    }
  })

  it('follow no redirect', async () => {
    const elsewhere = await startScripted(answers)
    const { issuer } = await startScripted(() => ({ status: 302, location: `${elsewhere.issuer}/login` }))
    expect((await test(deployed(issuer))).callback?.verdict).toBe('cannot-tell')
    expect(elsewhere.requests).toEqual([])
  })

  it('cannot tell of a provider that shows the same page to everybody, as Pocket ID does', async () => {
    const { issuer } = await startScripted(() => ({ status: 200, body: '<div id="app">' }))
    expect((await test(deployed(issuer))).callback).toMatchObject({ verdict: 'cannot-tell' })
  })

  it('cannot tell where an answer does not end', async () => {
    const { issuer } = await startScripted(() => ({ status: 200, body: 'x'.repeat(2 * 1024 * 1024) }))
    expect((await test(deployed(issuer))).callback).toMatchObject({ verdict: 'cannot-tell' })
  })

  it('show nothing to an endpoint without TLS', async () => {
    const there = await startScripted(answers)
    const endpoint = there.issuer.replace('127.0.0.1', 'idp.example')
    const { issuer, paths } = await startScripted(answers, (document) => ({
      ...document,
      authorization_endpoint: `${endpoint}/authorize`,
    }))
    const { discovery, callback } = await test(deployed(issuer))
    expect(discovery.problems).toEqual([expect.stringContaining('authorization_endpoint')])
    expect(callback).toBeUndefined()
    expect(paths()).toEqual(['/.well-known/openid-configuration'])
  })
})

describe('what is only proposed', () => {
  const answers = () => ({ status: 200, body: 'sign in' })
  const DOCUMENT = '/.well-known/openid-configuration'

  it('is asked for its discovery document and nothing else', async () => {
    const [fresh, moved, known] = await Promise.all([
      startScripted(answers),
      startScripted(answers),
      startScripted(answers),
    ])
    const state = [
      deployed('https://former.example', { id: 'moved' }),
      deployed(known.issuer, { id: 'known' }),
      // Of another provider: this one's client is not there.
      deployed(fresh.issuer, { id: 'other' }),
    ]
    const issuers = { fresh: fresh.issuer, moved: moved.issuer, known: known.issuer }
    const results = await testPlanned(issuers, state)
    expect(results.map(({ id, callback }) => [id, callback?.verdict])).toEqual([
      ['fresh', undefined],
      ['moved', undefined],
      ['known', 'cannot-tell'],
    ])
    expect(fresh.paths()).toEqual([DOCUMENT])
    expect(moved.paths()).toEqual([DOCUMENT])
    expect(known.paths()).toContain('/authorize')
  })

  it('is told apart by a document that speaks for another issuer', async () => {
    const { issuer } = await startScripted(answers, (document) => ({ ...document, issuer: 'https://evil.example' }))
    const [result] = await testPlanned({ idp: issuer }, [])
    expect(result?.discovery.problems).toEqual([expect.stringContaining('[issuer_mismatch]')])
  })
})

describe('discovery', () => {
  const answers = () => ({ status: 200, body: 'sign in' })

  it.each([
    ['no key set at all', { jwks_uri: '/none' }, /answered 404, not a set of keys/],
    ['no usable endpoint', { token_endpoint: undefined }, /token_endpoint/],
  ])('finds %s', async (_, changes: Record<string, string | undefined>, problem) => {
    const { issuer } = await startScripted(answers, (document) => ({
      ...document,
      ...changes,
      ...(changes['jwks_uri'] && { jwks_uri: `${String(document['issuer'])}${changes['jwks_uri']}` }),
    }))
    const { discovery, callback } = await test(deployed(issuer))
    expect(discovery.problems.join()).toMatch(problem)
    expect(callback === undefined).toBe('token_endpoint' in changes)
  })

  it('says that nobody is there', async () => {
    const { issuer } = await startScripted(answers)
    for (const server of servers.splice(0)) await server.close()
    const { discovery, callback } = await test(deployed(issuer))
    expect(discovery.problems).toEqual([expect.stringContaining('[unreachable]')])
    expect(callback).toBeUndefined()
  })

  it('asks many providers, and keeps their order', async () => {
    const { issuer } = await startScripted(answers)
    const ids = Array.from({ length: 20 }, (_, index) => `idp-${index}`)
    const results = await testDeployed(ids.map((id) => deployed(issuer, { id })))
    expect(results.map(({ id }) => id)).toEqual(ids)
  })
})

describe('against a provider that a test scripts', () => {
  const goesBack = (query: URLSearchParams) => ({
    status: 303,
    location: `${query.get('redirect_uri')}?error=login_required`,
  })

  it('knows the pattern that Entra’s shared addresses announce', async () => {
    const origin = await listen((own) => (request, response) => {
      const document = {
        issuer: `${own}/{tenantid}/v2.0`,
        authorization_endpoint: `${own}/authorize`,
        token_endpoint: `${own}/token`,
        jwks_uri: `${own}/jwks`,
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
      request.resume()
    })
    const results = await testPlanned({ ms: `${origin}/common/v2.0`, one: `${origin}/acme/v2.0` }, [])
    expect(results.map(({ discovery }) => discovery.problems.length)).toEqual([0, 1])
    expect(results[1]?.discovery.causes?.join()).toContain('wrong tenant')
  })

  it('discovers nothing where the stack file has the addresses', async () => {
    const { issuer, paths } = await startScripted(goesBack)
    const endpoints = { authorization: `${issuer}/authorize`, token: `${issuer}/token`, jwks: `${issuer}/jwks` }
    const { discovery, callback } = await test(deployed(issuer, { endpoints }))
    expect(discovery).toMatchObject({ problems: [], signingKeys: 1 })
    expect(callback).toMatchObject({ verdict: 'accepted' })
    expect(paths()).toEqual(['/jwks', '/authorize', '/token'])
  })

  it('sends no credential where the document is not as it should be', async () => {
    const { issuer, paths } = await startScripted(goesBack, (document) => ({
      ...document,
      issuer: 'https://evil.example',
    }))
    const proof = {
      issuer,
      clientId: 'client-1',
      clientSecret: 'hidden',
      authMethod: 'client_secret_post' as const,
      redirectUri: CALLBACK,
    }
    const secrets = [{ name: 'first', provenAt: '2026-01-02T03:04:05.000Z', proof }]
    const { clients, discovery } = await test(deployed(issuer, { secrets }))
    expect(discovery.problems).toHaveLength(1)
    expect(clients).toBeUndefined()
    expect(paths()).not.toContain('/token')
  })
})

describe('the client at the token endpoint of a real provider', () => {
  it.each([
    ['accepted', (secret: string) => secret],
    ['refused', () => 'another-secret'],
  ])('is %s', async (verdict, choose) => {
    await using server = await startRegistrationServer()
    const registered = await fetch(`${server.issuer}/reg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.initialAccessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'client_secret_post' }),
    })
    const { client_id: clientId, client_secret: secret } = (await registered.json()) as Record<string, string>
    const proof = {
      issuer: server.issuer,
      clientId: clientId ?? '',
      clientSecret: choose(secret ?? ''),
      authMethod: 'client_secret_post' as const,
      redirectUri: CALLBACK,
    }
    const secrets = [{ name: 'first', provenAt: '2026-01-02T03:04:05.000Z', proof }]
    const { clients } = await test(deployed(server.issuer, { clientId: clientId ?? '', secrets }))
    expect(clients).toMatchObject([{ name: 'first', verdict }])
    expect(JSON.stringify(clients)).not.toContain(proof.clientSecret)
  })
})
