import { describe, expect, test } from 'vitest'

import type { Endpoint, Outcome, Place, UpstreamGroup } from '../../../runtime/upstreams/index.ts'
import { ask } from './ask.ts'
import { startHttp2Upstream } from './http2/stage.ts'
import { forward, noSecret, openUpstreams, startApp } from './stage.ts'

const [ONE, TWO, THREE] = ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3']

function take(group: UpstreamGroup, tried: readonly Endpoint[] = []): Place {
  const place = group.choose('requests', tried)
  if (!place) throw new Error('there is no place')
  return place
}

/** Origins of the servers that are chosen one after the other, each told the outcome at once. */
function turns(group: UpstreamGroup, count: number, outcome: (origin: string) => Outcome = () => 'answered'): string[] {
  return Array.from({ length: count }, () => {
    const place = take(group)
    place.release(outcome(place.endpoint.origin))
    return place.endpoint.origin
  })
}

describe('routes that mean the same servers', () => {
  test('share a group, and where only some are the same, those', () => {
    const upstreams = openUpstreams()
    const first = upstreams.groupFor('a', forward([ONE, TWO]), noSecret)
    const same = upstreams.groupFor('b', forward([ONE, TWO], { retries: 0 }), noSecret)
    const other = upstreams.groupFor('c', forward([ONE]), noSecret)
    expect(same).toBe(first)
    expect(other).not.toBe(first)
    expect(take(other).endpoint).toBe(take(first).endpoint)
  })

  test.each([
    ['protocol', { protocol: 'http2' as const }],
    ['connect timeout', { timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1 } }],
    ['server name', { upstreams: ['https://a'], tls: { serverName: 'app.internal', clientCertificate: false } }],
  ])('share nothing where the %s differs', (_what, changes) => {
    const upstreams = openUpstreams()
    const { upstreams: to } = { upstreams: [ONE], ...changes }
    const first = upstreams.groupFor('a', forward(to), noSecret)
    const other = upstreams.groupFor('b', forward(to, changes), noSecret)
    expect(take(other).endpoint).not.toBe(take(first).endpoint)
  })

  test('keep connections over a reload, and lose them with the last route', async () => {
    const app = await startApp()
    const upstreams = openUpstreams()
    const config = forward([app.origin])
    const old = upstreams.groupFor('a', config, noSecret)
    upstreams.keepOnly(new Set([old]))
    await ask(take(old).endpoint).over
    const closed = new Promise((resolve) => app.requests[0]?.socket.once('close', resolve))
    const next = upstreams.groupFor('a', config, noSecret)
    upstreams.keepOnly(new Set([next]))
    await ask(take(next).endpoint).over
    expect(app.requests[1]?.socket).toBe(app.requests[0]?.socket)
    upstreams.keepOnly(new Set())
    await closed
    expect(upstreams.health()).toEqual([])
  })
})

describe('a group', () => {
  test('gives its servers turns', () => {
    const group = openUpstreams().groupFor('a', forward([ONE, TWO, THREE]), noSecret)
    expect(turns(group, 6)).toEqual([ONE, TWO, THREE, ONE, TWO, THREE])
  })

  test('with least requests prefers who has least to do', () => {
    const group = openUpstreams().groupFor('a', forward([ONE, TWO], { balance: 'least_requests' }), noSecret)
    const [first, second] = [take(group), take(group)]
    expect([first, second].map(({ endpoint }) => endpoint.origin)).toEqual([ONE, TWO])
    second.release('answered')
    expect(turns(group, 3)).toEqual([TWO, TWO, TWO])
  })

  test('takes a retry to another server', () => {
    const group = openUpstreams().groupFor('a', forward([ONE, TWO]), noSecret)
    const { endpoint } = take(group)
    take(group).release('answered')
    expect(take(group, [endpoint]).endpoint.origin).toBe(TWO)
    expect(take(group, [endpoint, take(group, [endpoint]).endpoint]).endpoint).toBeDefined()
  })

  test('has 4096 places for requests and as many for tunnels at each server', () => {
    const group = openUpstreams().groupFor('a', forward([ONE]), noSecret)
    const places = Array.from({ length: 4_096 }, () => take(group))
    expect(group.choose('requests', [])).toBeUndefined()
    expect(group.choose('tunnels', [])).toBeDefined()
    places[0]?.release('answered')
    places[0]?.release('answered')
    take(group)
    expect(group.choose('requests', [])).toBeUndefined()
  })
})

describe('requests that fail', () => {
  test('put a server out of turn until one request has been answered by it, and each change is logged once', () => {
    let now = 0
    const upstreams = openUpstreams({ now: () => now })
    const group = upstreams.groupFor('a', forward([ONE, TWO]), noSecret)
    const failsOne = (origin: string): Outcome => (origin === ONE ? 'failed' : 'answered')
    turns(group, 10, failsOne)
    expect(turns(group, 4, failsOne)).toEqual([TWO, TWO, TWO, TWO])
    expect(upstreams.health()).toEqual([
      { origin: ONE, healthy: false, requests: 0, tunnels: 0 },
      { origin: TWO, healthy: true, requests: 0, tunnels: 0 },
    ])
    now = 30_000
    const trial = take(group)
    expect(trial.endpoint.origin).toBe(ONE)
    expect(turns(group, 2)).toEqual([TWO, TWO])
    trial.release('answered')
    expect(new Set(turns(group, 2))).toEqual(new Set([ONE, TWO]))
    expect(upstreams.log).toMatchObject([
      { upstream: ONE, message: 'Upstream is out of turn', forMs: 30_000 },
      { upstream: ONE, message: 'Upstream is back' },
    ])
  })

  test('leave all servers in turn when none is left', () => {
    const group = openUpstreams().groupFor('a', forward([ONE, TWO]), noSecret)
    turns(group, 20, () => 'failed')
    expect(new Set(turns(group, 4))).toEqual(new Set([ONE, TWO]))
  })

  test('never eject the only server of a group', () => {
    const upstreams = openUpstreams()
    const group = upstreams.groupFor('a', forward([ONE]), noSecret)
    expect(turns(group, 20, () => 'failed')).toEqual(Array<string>(20).fill(ONE))
    expect(upstreams.health()).toMatchObject([{ origin: ONE, healthy: true }])
    expect(upstreams.log).toEqual([])
  })
})

describe('health checks', () => {
  const healthCheck = { path: '/healthz', intervalMs: 5, timeoutMs: 1_000, healthyAfter: 2, unhealthyAfter: 2 }

  test('take a server out of turn while it says that it is not well', async () => {
    let isWell = false
    const ill = await startApp((_request, response) => response.writeHead(isWell ? 204 : 503).end())
    const well = await startApp()
    const upstreams = openUpstreams({ random: () => 0 })
    const group = upstreams.groupFor('a', forward([ill.origin, well.origin], { healthCheck }), noSecret)
    upstreams.keepOnly(new Set([group]))
    expect(await upstreams.nextLine()).toEqual({
      upstream: ill.origin,
      why: '/healthz answered 503',
      message: 'Upstream is unhealthy',
    })
    expect(turns(group, 3)).toEqual([well.origin, well.origin, well.origin])
    expect(upstreams.health()).toMatchObject([{ healthy: false }, { healthy: true }])
    isWell = true
    expect(await upstreams.nextLine()).toMatchObject({ upstream: ill.origin, message: 'Upstream is healthy' })
    expect(new Set(turns(group, 2))).toEqual(new Set([ill.origin, well.origin]))
    const { method, headers } = ill.requests[0] ?? {}
    expect({ method, host: headers?.host }).toEqual({ method: 'GET', host: new URL(ill.origin).host })
  })

  test('say why: nobody there, no answer in time', async () => {
    const silent = await startApp(() => undefined)
    const upstreams = openUpstreams({ random: () => 0 })
    const check = { ...healthCheck, timeoutMs: 20, unhealthyAfter: 1 }
    const group = upstreams.groupFor('a', forward([ONE, silent.origin], { healthCheck: check }), noSecret)
    upstreams.keepOnly(new Set([group]))
    await upstreams.nextLine()
    if (upstreams.log.length < 2) await upstreams.nextLine()
    const reasons = new Map(upstreams.log.map(({ upstream, why }) => [upstream, why]))
    expect(reasons.get(ONE)).toContain('/healthz: upstream_unreachable, ')
    expect(reasons.get(silent.origin)).toBe('/healthz: no answer within 20 ms')
    // All are asked where none is well.
    expect(new Set(turns(group, 2))).toEqual(new Set([ONE, silent.origin]))
  })

  test('go by HTTP/2 where the upstream speaks that', async () => {
    const ill = await startHttp2Upstream(({ stream }) => stream.respond({ ':status': 500 }, { endStream: true }))
    const upstreams = openUpstreams({ random: () => 0 })
    const group = upstreams.groupFor('a', forward([ill.origin], { protocol: 'http2', healthCheck }), noSecret)
    upstreams.keepOnly(new Set([group]))
    expect(await upstreams.nextLine()).toMatchObject({ why: '/healthz answered 500' })
    expect(ill.sessions).toHaveLength(1)
  })

  test('are not made for a release that was refused, and end with their group', async () => {
    const [refused, left] = [await startApp(), await startApp((_request, response) => response.writeHead(500).end())]
    const upstreams = openUpstreams({ random: () => 0 })
    const inForce = upstreams.groupFor('a', forward([left.origin], { healthCheck }), noSecret)
    upstreams.keepOnly(new Set([inForce]))
    upstreams.groupFor('b', forward([refused.origin], { healthCheck }), noSecret)
    await upstreams.nextLine()
    upstreams.keepOnly(new Set())
    const asked = left.requests.length
    const others = await startApp((_request, response) => response.writeHead(500).end())
    upstreams.keepOnly(new Set([upstreams.groupFor('c', forward([others.origin], { healthCheck }), noSecret)]))
    await upstreams.nextLine()
    expect(left.requests).toHaveLength(asked)
    expect(refused.requests).toEqual([])
  })

  test('are remembered when a reload adds a server', async () => {
    const ill = await startApp((_request, response) => response.writeHead(500).end())
    const upstreams = openUpstreams({ random: () => 0 })
    upstreams.keepOnly(new Set([upstreams.groupFor('a', forward([ill.origin], { healthCheck }), noSecret)]))
    await upstreams.nextLine()
    const grown = upstreams.groupFor('a', forward([ill.origin, TWO], { healthCheck }), noSecret)
    expect(turns(grown, 2)).toEqual([TWO, TWO])
  })
})
