import { generateKeyPairSync } from 'node:crypto'

import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { IdentityForApp } from '../../../runtime/config.ts'
import { createIdentities, type Header, identityHeaderNames, type Subject } from '../../../runtime/identity/index.ts'
import { createSigner, type Signer } from '../../../runtime/keys/index.ts'

const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const LOGIN = 'https://login.acme.example'
const APP = 'https://app.acme.example'

const alice = (change: Partial<Subject> = {}): Subject => ({
  id: 'person',
  email: 'alice@acme.example',
  name: 'Alice',
  groups: ['staff'],
  provider: 'acme',
  kind: 'person',
  claims: {},
  session: { id: 'session', authenticatedAt: 1_700_000_000_000, acr: 'phr', amr: ['hwk'] },
  key: 'session 1',
  ...change,
})

const identity = (change: Partial<IdentityForApp> = {}): IdentityForApp => ({
  assertion: 'cached',
  claims: [],
  headers: {},
  pomerium: false,
  bearer: false,
  ...change,
})

/** Counts what is signed. */
async function signer(): Promise<Signer & { signed: () => number }> {
  const real = await createSigner([JSON.stringify(jwk)])
  let signed = 0
  return {
    jwks: real.jwks,
    sign(claims, seconds) {
      signed += 1
      return real.sign(claims, seconds)
    },
    signed: () => signed,
  }
}

async function route(change: Partial<IdentityForApp> = {}) {
  const counting = await signer()
  const options = { issuer: LOGIN, routeId: 'app', identity: identity(change) }
  return { ...counting, identities: createIdentities(counting), app: createIdentities(counting).forRoute(options) }
}

function value(headers: readonly Header[], name: string): string {
  return headers.find(([found]) => found === name)?.[1] ?? ''
}

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 }))
afterEach(() => vi.useRealTimers())

describe('the assertion', () => {
  it('says who is there, for one app, for five minutes', async () => {
    const { app } = await route()
    const token = value(app.issue(alice(), APP).headers, 'X-Gatewright-Assertion')
    const { iat = 0, exp = 0, ...claims } = decodeJwt(token)
    expect(claims).toEqual({
      iss: LOGIN,
      aud: APP,
      sub: 'person',
      email: 'alice@acme.example',
      name: 'Alice',
      groups: ['staff'],
    })
    expect(exp - iat).toBe(300)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT', kid: await calculateJwkThumbprint(jwk) })
  })

  it('leaves out an address that does not count', async () => {
    const { app } = await route()
    expect(decodeJwt(value(app.issue(alice({ email: '' }), APP).headers, 'X-Gatewright-Assertion'))).not.toHaveProperty(
      'email',
    )
  })

  it('has the claims that the route asks for, and never one of those that it is verified by', async () => {
    const { app } = await route({
      claims: ['department', 'absent', 'amr', 'auth_time', 'iss', 'sub', 'exp', 'groups_truncated'],
    })
    const claims = {
      department: 'it',
      iss: 'https://evil.example',
      sub: 'mallory',
      exp: 9e9,
      groups_truncated: true,
      other: 'x',
    }
    const said = decodeJwt(value(app.issue(alice({ claims }), APP).headers, 'X-Gatewright-Assertion'))
    expect(said).toMatchObject({ iss: LOGIN, sub: 'person', department: 'it', amr: ['hwk'], auth_time: 1_700_000_000 })
    expect(said.exp).toBeLessThan(2e9)
    expect(said).not.toHaveProperty('groups_truncated')
    expect(said).not.toHaveProperty('other')
    expect(said).not.toHaveProperty('absent')
  })

  it('fits into a header however many groups and claims there are, and says that groups are missing', async () => {
    const { app } = await route({ claims: ['long'] })
    const groups = Array.from({ length: 5_000 }, (_, index) => `group-${index}-${'é'.repeat(50)}`)
    const claims = { long: 'x'.repeat(4_000) }
    const token = value(app.issue(alice({ groups, claims }), APP).headers, 'X-Gatewright-Assertion')
    expect(token.length).toBeLessThan(8 * 1024)
    const said = decodeJwt<{ groups: string[]; groups_truncated: boolean; long: string }>(token)
    expect(said.groups_truncated).toBe(true)
    expect(said.groups.length).toBeGreaterThan(2)
    expect(said.groups).toEqual(groups.slice(0, said.groups.length))
    expect(said.long).toBe(claims.long)
  })
})

describe('what was said once', () => {
  it('is the very same, at once, until half its life', async () => {
    const { app, signed } = await route()
    const first = app.issue(alice(), APP)
    expect(first.until).toBe(Date.now() + 150_000)
    vi.setSystemTime(Date.now() + 149_999)
    expect(app.issue(alice(), APP)).toBe(first)
    expect(signed()).toBe(1)
    vi.setSystemTime(Date.now() + 1)
    expect(app.issue(alice(), APP)).not.toBe(first)
    expect(signed()).toBe(2)
  })

  it('is not given out from the future, when a clock was set back', async () => {
    const { app, signed } = await route()
    app.issue(alice(), APP)
    vi.setSystemTime(Date.now() - 3_600_000)
    app.issue(alice(), APP)
    expect(signed()).toBe(2)
  })

  it('is another for another version of the session, route and host', async () => {
    const { identities, app, signed } = await route()
    const others = [
      [app, alice({ key: 'session 2', groups: [] }), APP],
      [app, alice(), 'https://other.acme.example'],
      [identities.forRoute({ issuer: LOGIN, routeId: 'other', identity: identity() }), alice(), APP],
    ] as const
    const first = app.issue(alice(), APP)
    for (const [one, subject, origin] of others) expect(one.issue(subject, origin)).not.toBe(first)
    expect(signed()).toBe(4)
  })

  it('is tried again after signing failed', async () => {
    const real = await createSigner([JSON.stringify(jwk)])
    let fails = true
    const sign: Signer['sign'] = (claims, seconds) => {
      if (fails) throw new Error('no key')
      return real.sign(claims, seconds)
    }
    const app = createIdentities({ ...real, sign }).forRoute({ issuer: LOGIN, routeId: 'app', identity: identity() })
    expect(() => app.issue(alice(), APP)).toThrow('no key')
    fails = false
    expect(app.issue(alice(), APP).headers).toHaveLength(1)
  })

  it('is forgotten where there is too much of it', async () => {
    let signed = 0
    const sign: Signer['sign'] = () => {
      signed += 1
      return 'x'.repeat(1024 * 1024)
    }
    const app = createIdentities({ sign, jwks: { keys: [] } }).forRoute({
      issuer: LOGIN,
      routeId: 'app',
      identity: identity(),
    })
    for (let index = 0; index < 20; index += 1) app.issue(alice({ key: `other ${index}` }), APP)
    app.issue(alice({ key: 'other 0' }), APP)
    expect(signed).toBe(21)
  })
})

it('each request gets one of its own, with a jti, where a route wants that', async () => {
  const { app } = await route({ assertion: 'per_request' })
  const tokens = [app.issue(alice(), APP), app.issue(alice(), APP)]
  const ids = tokens.map(({ headers }) => decodeJwt(value(headers, 'X-Gatewright-Assertion')).jti)
  expect(new Set(ids).size).toBe(2)
})

describe('Pomerium’s way', () => {
  it('has its header, issuer, audience and claims, and a jti of its own each time', async () => {
    const { app } = await route({ pomerium: true, headers: { 'X-Department': 'department' } })
    const subject = alice({ claims: { department: 'it' } })
    const [one, other] = [app.issue(subject, APP).headers, app.issue(subject, APP).headers]
    const { iat = 0, exp = 0, jti, sid, ...claims } = decodeJwt(value(one, 'X-Pomerium-Jwt-Assertion'))
    expect(claims).toEqual({
      iss: 'app.acme.example',
      aud: 'app.acme.example',
      sub: 'person',
      user: 'person',
      email: 'alice@acme.example',
      name: 'Alice',
      groups: ['staff'],
      department: 'it',
    })
    expect(exp - iat).toBe(300)
    const again = decodeJwt(value(other, 'X-Pomerium-Jwt-Assertion'))
    expect(again.jti).not.toBe(jti)
    expect(again['sid']).toBe(sid)
    expect(sid).not.toContain('session')
  })

  it('is not spoken where nobody asked for it', async () => {
    const { app } = await route()
    expect(value(app.issue(alice(), APP).headers, 'X-Pomerium-Jwt-Assertion')).toBe('')
  })
})

it('an app that reads bearer tokens gets the assertion as one', async () => {
  const { app } = await route({ bearer: true })
  const headers = app.issue(alice(), APP).headers
  expect(value(headers, 'Authorization')).toBe(`Bearer ${value(headers, 'X-Gatewright-Assertion')}`)
})

describe('headers of claims', () => {
  const named = async (headers: Record<string, string>, subject: Partial<Subject>) => {
    const { app } = await route({ headers })
    return app.issue(alice(subject), APP).headers.slice(1)
  }

  it.each<[string, string, Partial<Subject>, string | undefined]>([
    ['an address', 'email', {}, 'alice@acme.example'],
    ['an id', 'id', {}, 'person'],
    ['groups, joined by commas', 'groups', { groups: ['a', 'b c'] }, 'a,b c'],
    ['a number', 'level', { claims: { level: 5 } }, '5'],
    ['a truth', 'remote', { claims: { remote: false } }, 'false'],
    ['letters outside ASCII, as UTF-8', 'name', { name: 'Zoë' }, 'Zo\u00c3\u00ab'],
    ['a list without an entry that would be two', 'groups', { groups: ['a', 'x,admins', 'b'] }, 'a,b'],
    ['a list without an entry that would be another header', 'groups', { groups: ['a', 'x\r\nadmins: y'] }, 'a'],
    ['no list without entries', 'groups', { groups: [] }, undefined],
    ['no claim that is not there', 'department', {}, undefined],
    ['no address that does not count', 'email', { email: '' }, undefined],
    ['no line break', 'department', { claims: { department: 'it\r\nX-Admin: yes' } }, undefined],
    ['no control character', 'department', { claims: { department: 'it\u0000' } }, undefined],
    ['nothing that every object has', 'constructor', {}, undefined],
    ['how the person signed in', 'amr', {}, 'hwk'],
  ])('%s', async (_, claim, subject, expected) => {
    expect(await named({ 'X-Claim': claim }, subject)).toEqual(expected === undefined ? [] : [['X-Claim', expected]])
  })

  it.each([
    'Host',
    'content-length',
    'Connection',
    'Cookie',
    'Authorization',
    'X-Gatewright-Assertion',
    'X-Forwarded-For',
  ])('%s is none', async (name) => {
    await expect(named({ [name]: 'email' }, {})).rejects.toThrow(TypeError)
  })

  it('one name in two spellings is refused', async () => {
    await expect(named({ 'X-Email': 'email', 'x-email': 'name' }, {})).rejects.toThrow('the same name as X-Email')
  })
})

it('every name that a route may set is one that its proxy removes', async () => {
  const all = identity({ headers: { 'X-Email': 'email', 'Remote-User': 'id' }, pomerium: true, bearer: true })
  const { app } = await route(all)
  const names = identityHeaderNames(all)
  expect(names).toEqual([
    'x-gatewright-assertion',
    'x-pomerium-jwt-assertion',
    'authorization',
    'x-email',
    'remote-user',
  ])
  for (const [name] of app.issue(alice(), APP).headers) expect(names).toContain(name.toLowerCase())
})
