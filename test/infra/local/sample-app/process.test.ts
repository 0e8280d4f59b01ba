import { createServer, type Server } from 'node:http'
import { once } from 'node:events'

import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { boundedFetch } from '../../../../runtime/outbound/index.ts'
import { freePorts } from '../../../support/ports.ts'
import { makeFolder, startProgram, type ProgramFolder, type RunningProgram } from '../support/program.ts'

const MAIN = new URL('../../../../infra/local/sample-app/main.ts', import.meta.url).pathname
const AUDIENCE = 'http://hello.gw.localhost:8400'

let gateway: Server
let folder: ProgramFolder
let program: RunningProgram
let loginUrl: string
let app: string
let key: CryptoKey
let otherKey: CryptoKey

const now = (): number => Math.floor(Date.now() / 1_000)

function claims(changes: JWTPayload = {}): JWTPayload {
  const about = { sub: 'a|1', name: '<b>Alice</b>', email: 'alice@acme.example', groups: ['staff'] }
  return { iss: loginUrl, aud: AUDIENCE, iat: now(), exp: now() + 300, ...about, ...changes }
}

function sign(payload: JWTPayload, signer = key, kid = 'k1'): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(signer)
}

async function ask(path: string, assertion?: string, headers: Record<string, string> = {}): Promise<Response> {
  const own = assertion === undefined ? {} : { 'x-gatewright-assertion': assertion }
  return boundedFetch(`${app}${path}`, { headers: { ...headers, ...own } })
}

beforeAll(async () => {
  const pair = await generateKeyPair('ES256')
  key = pair.privateKey
  otherKey = (await generateKeyPair('ES256')).privateKey
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] })
  gateway = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(jwks))
  gateway.listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  const address = gateway.address()
  loginUrl = `http://login.gw.localhost:${typeof address === 'object' ? address?.port : ''}`
  const [port = 0] = await freePorts(1)
  app = `http://127.0.0.1:${port}`
  folder = await makeFolder()
  await folder.put({ generation: 'one', config: { listen: { host: '127.0.0.1', port }, loginUrl, audience: AUDIENCE } })
  program = startProgram(MAIN, folder.path)
  await program.logged('Ready')
})

afterAll(async () => {
  await program.stop()
  gateway.closeAllConnections()
  gateway.close()
  await folder.remove()
})

test('shows who is there, what was asked for, and no signature, cookie or credential', async () => {
  const assertion = await sign(claims())
  const answer = await ask('/reports/7?tab=%22x', assertion, {
    cookie: 'app=secret-value',
    authorization: 'Bearer secret-value',
  })
  expect(answer.status).toBe(200)
  const page = await answer.text()
  expect(page).toContain('&lt;b&gt;Alice&lt;/b&gt;')
  expect(page).not.toContain('<b>Alice')
  expect(page).toContain('/reports/7?tab=%22x')
  expect(page).toContain('action="/.gatewright/sign-out"')
  expect(page).not.toContain('secret-value')
  expect(page).not.toContain(assertion.split('.')[2])
})

test('says who is there as JSON', async () => {
  const exp = now() + 100
  const answer = await ask('/api/whoami', await sign(claims({ exp })))
  expect(await answer.json()).toEqual({
    subject: 'a|1',
    name: '<b>Alice</b>',
    email: 'alice@acme.example',
    groups: ['staff'],
    expiresAt: new Date(exp * 1_000).toISOString(),
  })
})

test.each<[string, string, () => Promise<string> | string | undefined]>([
  ['none', 'assertion-missing', () => undefined],
  ['one that is no JWT', 'assertion-malformed', () => 'hello'],
  ['an expired one', 'assertion-expired', () => sign(claims({ exp: now() - 60, iat: now() - 360 }))],
  ['one for another app', 'assertion-claim', () => sign(claims({ aud: 'http://other.gw.localhost:8400' }))],
  ['one of another issuer', 'assertion-claim', () => sign(claims({ iss: 'http://evil.localhost' }))],
  ['one without expiry', 'assertion-claim', () => sign(claims({ exp: undefined }))],
  ['one without subject', 'assertion-claim', () => sign(claims({ sub: undefined }))],
  ['one whose groups are no list', 'assertion-claim', () => sign(claims({ groups: 'staff' }))],
  ['one signed with a foreign key', 'assertion-signature', () => sign(claims(), otherKey)],
  ['one signed with an unknown key', 'assertion-unknown-key', () => sign(claims(), otherKey, 'k2')],
  ['one with alg none', 'assertion-algorithm', () => new UnsecuredJWT(claims()).encode()],
  [
    'one with HS256',
    'assertion-algorithm',
    () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(new Uint8Array(32)),
  ],
])('refuses a request with %s', async (_title, code, make) => {
  const assertion = await make()
  const api = await ask('/api/whoami', assertion)
  expect(api.status).toBe(401)
  expect(await api.json()).toMatchObject({ error: code })
  const page = await ask('/reports/7', assertion)
  expect(page.status).toBe(401)
  const text = await page.text()
  expect(text).toContain(code)
  expect(text).not.toContain('alice@acme.example')
  expect((await ask('/events', assertion)).headers.get('content-type')).toBe('application/json')
})

test('moves to another port in place, and stays where it is when that port is taken', async () => {
  const taken = Number(new URL(loginUrl).port)
  const config = { loginUrl, audience: AUDIENCE }
  await folder.put({ generation: 'two', config: { ...config, listen: { host: '127.0.0.1', port: taken } } })
  program.reload()
  await program.logged('Release refused')
  expect(await (await ask('/ready')).json()).toMatchObject({
    status: 'ready',
    generation: 'one',
    refused: { generation: 'two', error: expect.stringContaining('EADDRINUSE') },
  })

  const left = app
  const [port = 0] = await freePorts(1)
  await folder.put({ generation: 'three', config: { ...config, listen: { host: '127.0.0.1', port } } })
  program.reload()
  await program.logged('Reloaded')
  app = `http://127.0.0.1:${port}`
  expect(await (await ask('/ready')).json()).toEqual({ status: 'ready', generation: 'three' })
  expect((await ask('/api/whoami', await sign(claims()))).status).toBe(200)
  await expect(boundedFetch(`${left}/ready`)).rejects.toThrow('fetch failed')
})

test('streams events to those who are let in, and ends them when it is asked to stop', async () => {
  const answer = await ask('/events', await sign(claims()))
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  const reader = (answer.body ?? new ReadableStream<Uint8Array>()).getReader()
  const first = await reader.read()
  expect(Buffer.from(first.value ?? []).toString()).toMatch(/^id: 1\nevent: tick\ndata: \{"tick":1,/)
  expect(await program.stop()).toBe(0)
  let part = await reader.read()
  while (!part.done) part = await reader.read()
  expect(program.lines.at(-1)).toContain('Stopped')
})
