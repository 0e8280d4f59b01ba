import { expect, it } from 'vitest'

import { createRouteForward, type RouteForwardOptions, sharedForwardParts } from '../../../runtime/proxy/index.ts'

const OPTIONS: RouteForwardOptions = {
  upstreams: { choose: () => undefined, close: () => undefined },
  publicOrigin: 'http://hello.gw.localhost',
  preserveHost: false,
  timeouts: { connectMs: 1_000, firstByteMs: 1_000, idleMs: 1_000 },
  limits: {},
  retries: 0,
  identityHeaders: ['X-Team'],
  ownCookies: () => false,
  privateResponse: true,
  requestHeaders: { set: { 'X-Env': 'production' }, remove: [] },
}

it('has what routes that mean the same have together once', () => {
  const parts = sharedForwardParts()
  const one = createRouteForward(OPTIONS, parts)
  const other = createRouteForward({ ...OPTIONS, publicOrigin: 'http://docs.gw.localhost' }, parts)
  expect(other.request).toBe(one.request)
  expect(other.response).toBe(one.response)
  expect(other.watch).toBe(one.watch)
  expect(other.publicOrigin.host).toBe('docs.gw.localhost')
})

it.each<[what: string, change: Partial<RouteForwardOptions>]>([
  ['is removed for it', { identityHeaders: ['X-Team', 'X-Mail'] }],
  ['an operator sets', { requestHeaders: { set: { 'X-Env': 'staging' }, remove: [] } }],
  ['an answer loses', { responseHeaders: { set: {}, remove: ['Server'] } }],
  ['caches may keep', { privateResponse: false, responseHeaders: { set: { 'Cache-Control': 'public' }, remove: [] } }],
])('shares nothing with a route where something else %s', (_, change) => {
  const parts = sharedForwardParts()
  createRouteForward({ ...OPTIONS, responseHeaders: { set: { 'Cache-Control': 'public' }, remove: [] } }, parts)
  const { request, response } = createRouteForward({ ...OPTIONS, ...change }, parts)
  const alone = createRouteForward({ ...OPTIONS, ...change })
  expect(request).toEqual(alone.request)
  expect(response).toEqual(alone.response)
})

it('waits by its own timeouts beside a more patient route', () => {
  const parts = sharedForwardParts()
  const patient = createRouteForward({ ...OPTIONS, timeouts: { ...OPTIONS.timeouts, idleMs: 60_000 } }, parts)
  const hasty = createRouteForward(OPTIONS, parts)
  expect(patient.looks.idle).toBeGreaterThan(hasty.looks.idle)
})
