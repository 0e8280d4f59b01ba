import { describe, expect, it } from 'vitest'

import { parseStack, StackConfigError } from '../../../infra/config/index.ts'
import { planRoute } from '../../../infra/route-plan.ts'
import type { TextFiles } from '../../../infra/stack-files.ts'
import type { RouteConfig } from '../../../runtime/config.ts'

type Fields = Record<string, unknown>

const wiki = { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow: 'true' }
const FILES: TextFiles = { text: (name) => `content of ${name}` }

/** A stack with one route, or with those that are named. */
function stack(route: Fields, others: Record<string, Fields> = {}, rest: Fields = {}): Fields {
  return {
    url: 'https://login.acme.example',
    identityProviders: {
      sso: { kind: 'oidc', issuer: 'https://idp.example', client: { id: 'c', secret: 's' }, claims: ['department'] },
      guests: { kind: 'oidc', issuer: 'https://guests.example', client: { id: 'c', secret: 's' } },
    },
    routes: { wiki: { ...wiki, ...route }, ...others },
    ...rest,
  }
}

function problems(input: unknown): string[] {
  try {
    parseStack(input)
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

function planned(route: Fields): RouteConfig {
  const settings = parseStack(stack(route, {}, { forwardAuth: { secret: 'x' } })).routes['wiki']
  if (!settings) throw new Error('no such route')
  return planRoute(settings, ['sso', 'guests'], FILES)
}

const here = { to: undefined }

describe('what the runtime is told of a route', () => {
  it('has a default for everything, and nothing of what is optional', () => {
    expect(planned({})).toStrictEqual({
      brand: 'default',
      from: 'https://wiki.acme.example',
      path: { prefix: '/' },
      action: {
        kind: 'forward',
        upstreams: ['http://wiki:3000'],
        balance: 'round_robin',
        protocol: 'http1',
        retries: 1,
        timeouts: { connectMs: 5_000, firstByteMs: 60_000, idleMs: 300_000 },
        limits: {},
        preserveHost: false,
      },
      access: { allow: 'true' },
      publicPaths: [],
      corsPreflight: false,
      identityProviders: ['sso', 'guests'],
      websocketOrigins: [],
      allowEncodedSlash: false,
      bearer: [],
      identity: { assertion: 'cached', claims: [], headers: {}, pomerium: false, bearer: false },
    })
  })

  it('has all that can be said about its app', () => {
    const { action, path } = planned({
      prefix: '/api',
      to: ['https://a:8443', 'https://b:8443'],
      balance: 'least_requests',
      protocol: 'http2',
      healthCheck: { path: '/health', interval: 5 },
      retries: 2,
      timeouts: { connect: 0.5, total: 30 },
      limits: { body: '10MiB', headers: 8192 },
      tls: { ca: './ca.pem', serverName: 'app.internal', clientCertificate: { certificate: './me.pem', key: 'k' } },
      rewrite: { prefix: '/v2', host: 'app.internal' },
      requestHeaders: { set: { 'X-Team': 'core' }, remove: ['X-Debug'] },
      responseHeaders: { remove: ['Server'] },
    })
    expect(path).toEqual({ prefix: '/api' })
    expect(action).toStrictEqual({
      kind: 'forward',
      upstreams: ['https://a:8443', 'https://b:8443'],
      balance: 'least_requests',
      protocol: 'http2',
      healthCheck: { path: '/health', intervalMs: 5_000, timeoutMs: 2_000, healthyAfter: 2, unhealthyAfter: 3 },
      retries: 2,
      timeouts: { connectMs: 500, firstByteMs: 60_000, idleMs: 300_000, totalMs: 30_000 },
      limits: { bodyBytes: 10_485_760, headerBytes: 8_192 },
      tls: { ca: 'content of ./ca.pem', serverName: 'app.internal', clientCertificate: true },
      preserveHost: false,
      rewrite: { prefix: '/v2', host: 'app.internal' },
      requestHeaders: { set: { 'X-Team': 'core' }, remove: ['X-Debug'] },
      responseHeaders: { set: {}, remove: ['Server'] },
    })
  })

  it.each<[string, Fields, RouteConfig['action']]>([
    [
      'a redirect to another site',
      { redirect: { to: 'https://new.example' } },
      { kind: 'redirect', status: 302, origin: 'https://new.example', keepQuery: true },
    ],
    [
      'a redirect to one path',
      { path: '/old', redirect: { path: '/new', status: 308, keepQuery: false } },
      { kind: 'redirect', status: 308, path: { replace: '/new' }, keepQuery: false },
    ],
    [
      'a redirect to another prefix',
      { prefix: '/old', redirect: { prefix: '/new' } },
      { kind: 'redirect', status: 302, path: { prefix: '/new' }, keepQuery: true },
    ],
    [
      'a fixed answer',
      { path: '/robots.txt', respond: { body: 'Disallow: /' } },
      { kind: 'respond', status: 200, contentType: 'text/plain; charset=utf-8', body: 'Disallow: /' },
    ],
    ['a proxy that asks', { forwardAuth: true }, { kind: 'forward_auth' }],
  ])('is %s', (_, fields, action) => {
    expect(planned({ ...here, ...fields }).action).toStrictEqual(action)
  })

  it('has what is open in it, what the app is told, and a rule that was a policy block', () => {
    const route = planned({
      from: 'https://*.apps.acme.example',
      allow: [{ allow: { or: [{ domain: { is: 'acme.example' } }] } }],
      publicPaths: [{ prefix: '/assets', reason: 'pictures' }],
      corsPreflight: true,
      identity: { claims: ['department'], headers: { 'X-WebAuth-User': 'email' } },
    })
    expect(route.from).toBe('https://*.apps.acme.example')
    expect(route.publicPaths).toEqual([{ path: { prefix: '/assets' }, reason: 'pictures' }])
    expect(route.corsPreflight).toBe(true)
    expect(route.identity).toMatchObject({ claims: ['department'], headers: { 'X-WebAuth-User': 'email' } })
    expect((route.access as { allow: string }).allow).toContain('acme.example')
  })
})

describe('a route', () => {
  it.each<[string, Fields, string]>([
    ['that answers nothing', here, 'wiki say what answers'],
    [
      'that answers twice',
      { respond: {} },
      'say what answers: one of to, redirect, respond and forwardAuth, not to and respond',
    ],
    ['with two paths', { prefix: '/a', path: '/b' }, 'say one of prefix, path and pattern'],
    ['with a prefix that ends in a slash', { prefix: '/a/' }, 'wiki.prefix "/a/": a prefix is of whole segments'],
    ['with a path without a slash', { path: 'a' }, 'begins with /'],
    ['with a pattern that is not RE2', { pattern: '/(?=a)' }, 'not an RE2 pattern'],
    ['with two stars', { from: 'https://*.*.acme.example' }, 'with one * for one label'],
    ['with a star inside a label', { from: 'https://a*.acme.example' }, 'with one * for one label'],
    ['with a wildcard without TLS', { from: 'http://*.acme.example' }, 'use https'],
    ['with a server that has a path', { to: ['http://a', 'http://b/x'] }, 'wiki.to[1]'],
    ['with a server twice', { to: ['http://a', 'http://a'] }, 'this server is there already'],
    ['with no server', { to: [] }, 'a list of origins'],
    ['with servers with and without TLS', { to: ['http://a', 'https://b'] }, 'or none does'],
    ['with TLS settings and no TLS', { tls: { serverName: 'a' } }, 'write https:// in to'],
    ['with a limit that is no size', { limits: { body: '10 lots' } }, 'like 10MiB'],
    ['with an unknown unit', { limits: { body: '10mb' } }, 'like 10MiB'],
    ['with a timeout of no time', { timeouts: { connect: 0 } }, 'timeouts.connect'],
    ['with a timeout that nobody knows', { timeouts: { conect: 1 } }, 'did you mean connect?'],
    ['with an empty rewrite', { rewrite: {} }, 'say what is rewritten'],
    ['with a prefix to rewrite and none of its own', { path: '/a', rewrite: { prefix: '/b' } }, 'this route has none'],
    ['with two hosts for the app', { preserveHost: true, rewrite: { host: 'a' } }, 'the app sees one host'],
    [
      'that passes nothing on, with a balance',
      { ...here, respond: {}, balance: 'round_robin' },
      'is of no use with respond',
    ],
    ['with a header in two lines', { requestHeaders: { set: { 'X-A': 'a\nb' } } }, 'visible ASCII'],
    ['that sets the host', { requestHeaders: { set: { Host: 'a' } } }, 'Host is set by the gateway itself'],
    [
      'that sets the assertion',
      { requestHeaders: { set: { X_Gatewright_Assertion: 'a' } } },
      'set by the gateway itself',
    ],
    ['that frames answers', { responseHeaders: { remove: ['Content-Length'] } }, 'set or left out by the gateway'],
    ['that tells who is there by a cookie', { identity: { headers: { Cookie: 'id' } } }, 'this name is reserved'],
    [
      'that tells it by our header',
      { identity: { headers: { 'X-Gatewright-Assertion': 'id' } } },
      'this name is reserved',
    ],
    [
      'that tells it twice',
      { identity: { headers: { 'X-User': 'id', X_User: 'name' } } },
      'the same name as X-User to many apps',
    ],
    [
      'that sets what it tells',
      { identity: { headers: { 'X-User': 'id' } }, requestHeaders: { set: { 'x-user': 'a' } } },
      'identity sets this field',
    ],
    [
      'that sets the token that it tells it by',
      { identity: { bearer: true }, requestHeaders: { set: { authorization: 'Basic YTpi' } } },
      'identity sets this field',
    ],
    [
      'that leads browsers round the gateway',
      { responseHeaders: { set: { 'Alt-Svc': 'h3=":443"' } } },
      'Alt-Svc is set or left out by the gateway itself',
    ],
    [
      'that has caches keep what is for one person',
      { responseHeaders: { set: { 'CDN-Cache-Control': 'max-age=60' } } },
      'CDN-Cache-Control is set or left out',
    ],
    [
      'that asks for its server by an address',
      { to: 'https://10.0.0.7', tls: { serverName: '10.0.0.7' } },
      'wiki.tls.serverName "10.0.0.7": write a host name',
    ],
    [
      'with a rule on a claim that nobody keeps',
      { allow: 'user.claims.holds("salary", "high")' },
      'wiki.allow no provider of this route keeps the claim salary: name it in the provider’s claims',
    ],
    [
      'with a rule on a claim that is misspelled',
      { allow: 'has(user.claims.departement) && user.claims.departement == "it"' },
      'wiki.allow no provider of this route keeps the claim departement; did you mean department?',
    ],
    [
      'with a policy on a claim that only others keep',
      { identityProviders: ['guests'], allow: { allow: { or: [{ 'claim/department': 'it' }] } } },
      'wiki.allow no provider of this route keeps the claim department',
    ],
    [
      'with a rule on a claim that is a field',
      { allow: '"staff" in user.claims.groups || user.claims.acr == "mfa"' },
      'wiki.allow groups is no claim here: read user.groups',
    ],
    [
      'with a claim that nobody keeps',
      { identity: { claims: ['salary'] } },
      'no provider of this route keeps the claim salary',
    ],
    [
      'with a claim that only others keep',
      { identityProviders: ['guests'], identity: { headers: { 'X-A': 'department' } } },
      'keeps the claim department',
    ],
    ['that is public and tells who is there', { allow: undefined, public: 'docs', identity: {} }, 'nobody is known'],
    [
      'that is public, and then some',
      { allow: undefined, public: 'docs', publicPaths: [{ prefix: '/a', reason: 'x' }] },
      'everything is public here already',
    ],
    [
      'with something public elsewhere',
      { prefix: '/api', publicPaths: [{ prefix: '/assets', reason: 'x' }] },
      'publicPaths[0] this path is not one of the route',
    ],
    ['with something public without a path', { publicPaths: [{ reason: 'x' }] }, 'say one of prefix, path and pattern'],
    ['with something public without a reason', { publicPaths: [{ prefix: '/a' }] }, 'reason is missing'],
    ['with a redirect to nowhere', { ...here, redirect: {} }, 'say where it leads'],
    ['with a redirect to itself', { ...here, redirect: { path: '/a' } }, 'browsers would go round in circles'],
    [
      'with a redirect to its own host',
      { ...here, redirect: { to: 'https://wiki.acme.example' } },
      'browsers would go round in circles',
    ],
    [
      'with a redirect back below its prefix',
      { ...here, prefix: '/a', redirect: { prefix: '/a/b' } },
      'round in circles',
    ],
    ['with a redirect without TLS', { ...here, redirect: { to: 'http://new.example' } }, 'use https'],
    [
      'with a redirect of status 200',
      { ...here, redirect: { to: 'https://new.example', status: 200 } },
      'redirect.status must be',
    ],
    ['that other proxies ask about, without a secret', { ...here, forwardAuth: true }, 'set forwardAuth.secret'],
    [
      'that leads to itself by a wildcard',
      { from: 'https://*.acme.example', to: 'https://a.acme.example' },
      'this is the gateway itself',
    ],
    ['with a policy that allows nothing', { allow: { deny: { or: [{ accept: true }] } } }, 'allows nothing'],
    [
      'with a policy with a mistake inside',
      { allow: { allow: { or: [{ emial: { is: 'a@b.c' } }] } } },
      'wiki.allow.allow.or[0].emial',
    ],
    ['with an unknown field', { prefx: '/a' }, 'did you mean prefix?'],
  ])('%s is refused', (_, fields, words) => {
    expect(problems(stack(fields)).join('\n')).toContain(words)
  })

  it.each<[string, Fields]>([
    ['an exact redirect within its host', { ...here, path: '/', redirect: { path: '/home' } }],
    ['a redirect from one prefix to another', { ...here, prefix: '/a', redirect: { prefix: '/b' } }],
    ['a rule on a claim that some provider keeps', { allow: 'user.claims.department == "it"' }],
    ['a rule that goes over all claims', { allow: 'user.claims.exists(name, name == "salary")' }],
    ['a public one that caches keep', { allow: undefined, public: 'x', responseHeaders: { remove: ['Edge-Control'] } }],
    [
      'one whose app is told how they signed in',
      { identity: { claims: ['acr'], headers: { 'X-Pomerium-Claim-Email': 'email', 'X-Methods': 'amr' } } },
    ],
    ['a header that clients may not send, for the app', { identity: { headers: { 'X-Forwarded-User': 'id' } } }],
    ['a login host below a wildcard', { from: 'https://*.acme.example' }],
  ])('may be %s', (_, fields) => {
    expect(problems(stack(fields))).toEqual([])
  })
})

it('says nothing of claims while a provider is wrong itself', () => {
  const input = stack({ allow: 'user.claims.salary == 1', identity: { claims: ['salary'] } })
  Object.assign(input['identityProviders'] as Fields, { sso: { kind: 'oidc' } })
  expect(problems(input).join('\n')).not.toContain('salary')
})

describe('routes of one host', () => {
  it('leave the gateway its own paths', () => {
    const at = (fields: Fields, others: Fields = {}) => problems(stack(fields, { other: { ...wiki, ...others } }))
    const answers = 'the gateway answers there itself'
    expect(at({ prefix: '/.gatewright' })).toEqual([`gatewright:routes.wiki.prefix ${answers}`])
    expect(at({ path: '/.gatewright/sign-out' })).toEqual([`gatewright:routes.wiki.path ${answers}`])
    expect(at({ prefix: '/.gatewrights' })).toEqual([])
    const keys = { path: '/.well-known/pomerium/jwks.json' }
    expect(at(keys)).toEqual([])
    expect(at(keys, { identity: { pomerium: true } })).toEqual([`gatewright:routes.wiki.path ${answers}`])
  })

  it('have a path each', () => {
    const api = { ...wiki, prefix: '/api' }
    expect(problems(stack({}, { api }))).toEqual([])
    expect(problems(stack({}, { api, again: api }))).toEqual([
      'gatewright:routes.again.prefix api has this path of https://wiki.acme.example already',
    ])
    expect(problems(stack({}, { same: { ...wiki } }))).toEqual([
      'gatewright:routes.same.from wiki has this path of https://wiki.acme.example already',
    ])
  })

  it('have one origin', () => {
    const plain = { ...wiki, from: 'http://hello.localhost:80', prefix: '/x' }
    const other = { ...wiki, from: 'https://hello.localhost', prefix: '/y' }
    expect(problems(stack({}, { other, plain })).join('\n')).toMatch(
      /plain\.from .*requests do not tell it|without a path/,
    )
  })
})
