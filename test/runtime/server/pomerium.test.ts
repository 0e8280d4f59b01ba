import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { boundedFetch } from '../../../runtime/outbound/index.ts'
import { createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { signIn } from '../../support/visitor.ts'

const JWKS_PATH = '/.well-known/pomerium/jwks.json'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ config: addRoute })
})
afterAll(() => gateway.close())

/** One of two routes of a host speaks as Pomerium does, and not the one that has the path of the keys. */
function addRoute({ routes }: RuntimeConfig): void {
  const { hello } = routes
  if (!hello) throw new Error('no such route')
  const legacy = structuredClone(hello)
  routes['legacy'] = {
    ...legacy,
    path: { prefix: '/legacy' },
    identity: { ...legacy.identity, pomerium: true, headers: { 'X-Pomerium-Claim-Email': 'email' } },
  }
}

it('an app that was written for Pomerium verifies who is there by the keys at its own host', async () => {
  const { browser } = await signIn(gateway)
  await browser.open(`${gateway.hello}/legacy/page`)
  const headers = gateway.upstreamRequests.at(-1)?.headers
  const { host, hostname } = new URL(gateway.hello)
  expect(headers?.['x-pomerium-claim-email']).toBe('alice@acme.example')
  const before = gateway.upstreamRequests.length
  const keys = createRemoteJWKSet(new URL(`http://${host}${JWKS_PATH}`), {
    [customFetch]: (url, init) => boundedFetch(url, init),
  })
  const expected = { issuer: hostname, audience: hostname, algorithms: ['ES256'] }
  const { payload } = await jwtVerify(String(headers?.['x-pomerium-jwt-assertion']), keys, expected)
  expect(payload).toMatchObject({ email: 'alice@acme.example', groups: ['staff'], jti: expect.any(String) })
  expect(gateway.upstreamRequests.length).toBe(before)
})

it('the keys are those of the login host, and everybody may have them', async () => {
  const [own, login] = await Promise.all([
    createBrowser().open(`${gateway.hello}${JWKS_PATH}`),
    createBrowser().open(`${gateway.login}/.well-known/jwks.json`),
  ])
  expect(own.status).toBe(200)
  expect(own.headers.get('cache-control')).toBe('public, max-age=300')
  expect(JSON.parse(own.text)).toEqual(JSON.parse(login.text))
  expect(own.text).not.toContain('"d"')
})

it('is the app’s own path at a host that does not speak as Pomerium does', async () => {
  const page = await createBrowser().open(`${gateway.docs}${JWKS_PATH}`)
  expect(page.text).toBe(`app saw ${JWKS_PATH}`)
  const { browser } = await signIn(gateway)
  await browser.open(`${gateway.hello}/`)
  expect(gateway.upstreamRequests.at(-1)?.headers['x-pomerium-jwt-assertion']).toBeUndefined()
})
