import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { boundedFetch } from '../../../../runtime/outbound/index.ts'
import { Person, formAction, type Page } from '../support/person.ts'
import { freePorts } from '../../../support/ports.ts'
import { makeFolder, startProgram, type ProgramFolder, type RunningProgram } from '../support/program.ts'

const MAIN = new URL('../../../../infra/local/identity-provider/main.ts', import.meta.url).pathname
const CALLBACK = 'http://login.gw.localhost:1/callback/acme'
const SIGNED_OUT = 'http://login.gw.localhost:1/signed-out'
const TOKEN = 'initial-access-token-of-this-test'
const alice = { name: 'Alice Example', email: 'alice@acme.example', groups: ['staff', 'engineering'] }
const bob = { name: 'Bob Example', email: 'bob@acme.example', groups: [] }

const registration = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  registration_client_uri: z.url(),
  registration_access_token: z.string(),
})

/** What a client may send back in an update (RFC 7592 §2.2). */
const clientMetadata = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  client_name: z.string(),
  redirect_uris: z.array(z.string()),
  post_logout_redirect_uris: z.array(z.string()),
  grant_types: z.array(z.string()),
})

let folder: ProgramFolder
let program: RunningProgram
let port: number
let issuer: string
let registered: z.infer<typeof registration>

function release(generation: string, people: Record<string, object>, changes: object = {}) {
  return {
    generation,
    config: { issuer, listen: { host: '127.0.0.1', port }, name: 'Acme', people, ...changes },
    secrets: { 'initial-access-token': TOKEN, 'password.alice': 'a-password', 'password.bob': 'b-password' },
  }
}

async function register(token: string | undefined): Promise<Response> {
  return boundedFetch(`${issuer}/reg`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      client_name: 'Gatewright <local>',
      redirect_uris: [CALLBACK],
      post_logout_redirect_uris: [SIGNED_OUT],
      grant_types: ['authorization_code', 'refresh_token'],
    }),
  })
}

async function readiness(): Promise<unknown> {
  return (await boundedFetch(`http://127.0.0.1:${port}/ready`)).json()
}

async function discover(): Promise<client.Configuration> {
  const auth = client.ClientSecretBasic(registered.client_secret)
  const configuration = await client.discovery(new URL(issuer), registered.client_id, undefined, auth, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    [client.customFetch]: (url, { body, headers, method }) => boundedFetch(url, { body, headers, method }),
  })
  configuration[client.customFetch] = (url, { body, headers, method }) => boundedFetch(url, { body, headers, method })
  return configuration
}

/** Opens the authorization endpoint as the gateway would. */
async function begin(person: Person, parameters: Record<string, string> = {}) {
  const configuration = await discover()
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: CALLBACK,
    scope: 'openid profile email groups offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  })
  const page = await person.open(url.href)
  const redeem = async (callback: Page) =>
    client.authorizationCodeGrant(configuration, new URL(callback.url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    })
  return { page, redeem, configuration }
}

async function signIn(person: Person, username = 'alice', password = 'a-password', parameters = {}) {
  const begun = await begin(person, parameters)
  const consent = await person.submit(formAction(begun.page), { username, password })
  const callback = await person.submit(formAction(consent), {})
  return { ...begun, consent, callback, tokens: await begun.redeem(callback) }
}

beforeAll(async () => {
  folder = await makeFolder()
  ;[port = 0] = await freePorts(1)
  issuer = `http://idp.gw.localhost:${port}`
  await folder.put(release('one', { alice }))
  program = startProgram(MAIN, folder.path)
  await program.logged('Ready')
  registered = registration.parse(await (await register(TOKEN)).json())
})

afterAll(async () => {
  await program.stop()
  await folder.remove()
})

describe('registration', () => {
  test.each([
    ['no token', undefined],
    ['a wrong token', `${TOKEN}x`],
    ['an empty token', ''],
  ])('refuses %s and makes no client', async (_title, token) => {
    const answer = await register(token)
    expect([400, 401]).toContain(answer.status)
    expect(await answer.json()).not.toHaveProperty('client_id')
  })

  test('keeps the management token over an update', async () => {
    const headers = {
      authorization: `Bearer ${registered.registration_access_token}`,
      'content-type': 'application/json',
    }
    const read = await boundedFetch(registered.registration_client_uri, { headers })
    const own = clientMetadata.parse(await read.json())
    const updated = await boundedFetch(registered.registration_client_uri, {
      method: 'PUT',
      headers,
      body: JSON.stringify(own),
    })
    expect(updated.status).toBe(200)
    expect(await updated.json()).toMatchObject({
      registration_access_token: registered.registration_access_token,
      redirect_uris: [CALLBACK],
    })
  })
})

describe('sign-in', () => {
  test('gives name, email and groups in the ID token, and a refresh token', async () => {
    const { tokens, consent, configuration } = await signIn(new Person(CALLBACK))
    expect(consent.text).toContain('Gatewright &lt;local&gt;')
    expect(consent.headers.get('content-security-policy')).toMatch(
      /form-action 'self' http:\/\/localhost:\* http:\/\/\*\.localhost:\* /,
    )
    expect(consent.headers.get('referrer-policy')).toBe('same-origin')
    expect(tokens.claims()).toMatchObject({
      iss: issuer,
      sub: 'alice',
      name: 'Alice Example',
      preferred_username: 'alice',
      email: 'alice@acme.example',
      email_verified: true,
      groups: ['staff', 'engineering'],
    })
    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    const info = await client.fetchUserInfo(configuration, refreshed.access_token, 'alice')
    expect(info).toMatchObject({ email: 'alice@acme.example', groups: ['staff', 'engineering'] })
  })

  test('asks nothing again within the session, and for the password with prompt=login', async () => {
    const person = new Person(CALLBACK)
    await signIn(person)
    expect((await begin(person)).page.url).toMatch(CALLBACK)
    const again = await begin(person, { prompt: 'login', login_hint: 'alice@acme.example' })
    expect(again.page.text).toMatch(/name="username"[^>]* value="alice"/)
    const callback = await person.submit(formAction(again.page), { username: 'alice', password: 'a-password' })
    expect((await again.redeem(callback)).claims()?.sub).toBe('alice')
  })

  test('says the same to a wrong password and to an unknown user, and gives no session', async () => {
    const person = new Person(CALLBACK)
    const { page } = await begin(person)
    const wrong = await person.submit(formAction(page), { username: 'alice', password: 'b-password' })
    const unknown = await person.submit(formAction(page), { username: 'mallory', password: 'a-password' })
    expect([wrong.status, unknown.status]).toEqual([403, 403])
    expect(wrong.text).toContain('User name or password is wrong.')
    expect(unknown.text.replace('mallory', 'alice')).toBe(wrong.text)
    expect((await begin(person)).page.text).toContain('name="password"')
  })

  test.each([
    ['from a sibling origin', 'http://hello.gw.localhost:1'],
    ['without an origin', 'null'],
  ])('refuses the form %s', async (_title, origin) => {
    const person = new Person(CALLBACK)
    const { page } = await begin(person)
    const answer = await person.submit(formAction(page), { username: 'alice', password: 'a-password' }, origin)
    expect(answer.status).toBe(403)
    expect((await program.logged('Request refused')).code).toBe('foreign-origin')
    expect((await begin(person)).page.text).toContain('name="password"')
  })

  test('refuses an interaction of another browser', async () => {
    const { page } = await begin(new Person(CALLBACK))
    const answer = await new Person(CALLBACK).submit(formAction(page), { username: 'alice', password: 'a-password' })
    expect(answer.status).toBe(400)
    expect((await program.logged('Request refused')).code).toBe('interaction-expired')
  })

  test('refuses a form that is too large', async () => {
    const person = new Person(CALLBACK)
    const { page } = await begin(person)
    const answer = await person.submit(formAction(page), { username: 'alice', password: 'x'.repeat(9_000) })
    expect(answer.status).toBe(413)
  })

  test('goes back to the client with access_denied when the person cancels', async () => {
    const person = new Person(CALLBACK)
    const { page } = await begin(person)
    const cancelled = await person.open(`${formAction(page)}/abort`)
    expect(new URL(cancelled.url).searchParams.get('error')).toBe('access_denied')
  })

  test('refuses a request without PKCE and one for a foreign redirect URI', async () => {
    const address = new URL(`${issuer}/auth`)
    address.search = new URLSearchParams({
      client_id: registered.client_id,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: CALLBACK,
    }).toString()
    const person = new Person(CALLBACK)
    expect(new URL((await person.open(address.href)).url).searchParams.get('error')).toBe('invalid_request')
    address.searchParams.set('redirect_uri', 'http://evil.localhost:1/')
    const refused = await person.open(address.href)
    expect(refused.status).toBe(400)
    expect(refused.url).toMatch(issuer)
  })

  test('ends the session by RP-initiated logout', async () => {
    const person = new Person('http://login.gw.localhost:1/')
    const { tokens, configuration } = await signIn(person)
    const url = client.buildEndSessionUrl(configuration, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: SIGNED_OUT,
    })
    const page = await person.open(url.href)
    expect(page.text).toContain('Sign out of')
    const xsrf = /name="xsrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    expect((await person.submit(formAction(page), { xsrf, logout: 'yes' })).url).toBe(SIGNED_OUT)
    expect((await begin(person)).page.text).toContain('name="password"')
  })
})

describe('host', () => {
  test('answers only under its own name', async () => {
    const answer = await boundedFetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`)
    expect(answer.status).toBe(421)
    expect(await answer.text()).not.toContain('authorization_endpoint')
  })
})

describe('program', () => {
  test('takes a new release in place, and refuses one that is not valid', async () => {
    await folder.put(release('two', { alice: { ...alice, groups: ['guests'] }, bob }))
    program.reload()
    await program.logged('Reloaded')
    expect(await readiness()).toEqual({ status: 'ready', generation: 'two' })
    const { tokens } = await signIn(new Person(CALLBACK), 'bob', 'b-password')
    expect(tokens.claims()).toMatchObject({ sub: 'bob', groups: [] })

    await folder.put(release('three', { alice }, { issuer: 'https://idp.example.com', extra: 1 }))
    program.reload()
    await program.logged('Release refused')
    const state = await readiness()
    expect(state).toMatchObject({ status: 'ready', generation: 'two', refused: { generation: 'three' } })
    expect(JSON.stringify(state)).toMatch(/issuer.*extra|extra.*issuer/)

    await folder.put({ ...release('four', { alice }), secrets: {} })
    program.reload()
    await program.logged('Release refused')
    expect(JSON.stringify(await readiness())).toMatch(/four.*initial-access-token.*password\.alice/)

    await folder.put(release('five', { alice, bob }))
    program.reload()
    await program.logged('Reloaded')
    expect(await readiness()).toEqual({ status: 'ready', generation: 'five' })
  })

  test('keeps clients, keys and sessions over a restart, lets nobody in who was removed', async () => {
    const person = new Person(CALLBACK)
    await signIn(person)
    const removed = new Person(CALLBACK)
    await signIn(removed, 'bob', 'b-password')
    expect(await program.stop()).toBe(0)
    await folder.put(release('six', { alice }))
    program = startProgram(MAIN, folder.path)
    await program.logged('Ready')
    const { page, redeem } = await begin(person)
    expect((await redeem(page)).claims()?.sub).toBe('alice')
    expect((await begin(removed)).page.text).toContain('name="password"')
  })

  test('writes only JSON lines, and no secret, code or token among them', async () => {
    const { tokens, callback } = await signIn(new Person(CALLBACK))
    const log = program.lines.join('\n')
    for (const line of program.lines) expect(() => JSON.parse(line)).not.toThrow()
    const code = new URL(callback.url).searchParams.get('code') ?? ''
    for (const secret of [
      TOKEN,
      registered.client_secret,
      'a-password',
      code,
      tokens.access_token,
      tokens.id_token ?? '',
    ]) {
      expect(secret).not.toBe('')
      expect(log).not.toContain(secret)
    }
  })
})

test('exits with 1 and says why when the first release is not valid', async () => {
  const broken = await makeFolder()
  await broken.put({ generation: 'one', config: '{' })
  const ended = startProgram(MAIN, broken.path)
  expect(await ended.ended()).toBe(1)
  expect(ended.lines.join()).toContain('is not JSON')
  await broken.remove()
})
