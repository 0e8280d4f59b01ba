import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type Stage, startStage } from '../../support/stage.ts'
import { exchange, request } from '../../support/wire/index.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())
beforeEach(() => void stage.upstream.arrivals.splice(0))

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])

async function ask(host: string, target = '/', ...fields: string[]): Promise<number> {
  return statusOf(await exchange(stage.port, request('GET', target, `Host: ${host}`, ...fields, 'Connection: close')))
}

describe('14: a Host', () => {
  it.each(['HELLO.GW.LOCALHOST', 'hello.gw.localhost.', 'HeLLo.gw.LOCALhost.'])(
    'in another spelling is the same route: %s',
    async (name) => {
      const host = `${name}:${stage.port}`
      expect(await ask(host)).toBe(401)
      expect(stage.upstream.arrivals).toHaveLength(0)
      expect(await ask(host, '/', `Cookie: ${stage.cookie}`)).toBe(200)
      expect(stage.upstream.arrivals).toHaveLength(1)
    },
  )

  it('of a protected route in another spelling does not fall through to a public one', async () => {
    for (const name of ['Hello.gw.localhost', 'hello.gw.localhost.', 'HELLO.GW.LOCALHOST.']) {
      expect(await ask(`${name}:${stage.port}`, '/', 'X-Forwarded-Host: docs.gw.localhost')).toBe(401)
      expect(await ask(`${name}:${stage.port}`, '/', `X-Forwarded-Host: ${stage.host('docs')}`)).toBe(401)
    }
    expect(stage.upstream.arrivals).toHaveLength(0)
  })

  it.each([
    'evil.example',
    'hello.gw.localhost',
    'hello.gw.localhost:1',
    'xhello.gw.localhost',
    'gw.localhost',
    'localhost',
  ])('of no route leads nowhere: %s', async (host) => {
    expect(await ask(host, '/', `Cookie: ${stage.cookie}`)).toBe(421)
    expect(stage.upstream.arrivals).toHaveLength(0)
  })
})

const HEALTH_CHECKS = [
  '/healthz',
  '/health',
  '/ping',
  '/ready',
  '/livez',
  '/robots.txt',
  '/favicon.ico',
  '/.well-known/x',
]

describe('15: a health check', () => {
  it.each([
    'kube-probe/1.34',
    'GoogleHC/1.0',
    'ELB-HealthChecker/2.0',
    'Amazon-Route53-Health-Check-Service',
    'Consul Health Check',
    'Uptime-Kuma/2.0',
    '',
  ])('opens nothing by the user agent %j, whatever it asks for', async (agent) => {
    for (const target of HEALTH_CHECKS) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const fields = [`Host: ${stage.host('hello')}`, `User-Agent: ${agent}`, 'Connection: close']
        const answer = await exchange(stage.port, request(method, target, ...fields))
        expect(statusOf(answer), `${method} ${target}`).toBe(401)
      }
    }
    expect(stage.upstream.arrivals).toHaveLength(0)
  })
})

const OPERATIONS = [
  '/healthz',
  '/readyz',
  '/metrics',
  '/debug/pprof/',
  '/debug/vars',
  '/admin',
  '/admin/metrics',
  '/config',
  '/stats',
  '/status',
  '/server-status',
  '/.gatewright/metrics',
  '/.gatewright/readyz',
  '/.gatewright/healthz',
]

describe('43: what operators look at', () => {
  const admin = (): string => new URL(stage.gateway.readyUrl).origin

  it('is on a port of its own', async () => {
    expect((await fetch(`${admin()}/readyz`)).status).toBe(200)
    expect((await fetch(`${admin()}/healthz`)).status).toBe(200)
  })

  it.each(OPERATIONS)('is not on the public port: %s', async (target) => {
    const own = target.startsWith('/.gatewright/')
    const login = `login.gw.localhost:${stage.port}`
    for (const host of [`127.0.0.1:${stage.port}`, `localhost:${stage.port}`, new URL(admin()).host, 'metrics']) {
      expect(await ask(host, target)).toBe(421)
    }
    expect(await ask(login, target)).toBe(404)
    expect(await ask(stage.host('hello'), target)).toBe(own ? 404 : 401)
    expect(stage.upstream.arrivals).toHaveLength(0)
    // Behind the gateway they are the app's own pages, like any other.
    expect(await ask(stage.host('docs'), target)).toBe(own ? 404 : 200)
    expect(stage.upstream.arrivals.map((arrival) => arrival.target)).toEqual(own ? [] : [target])
  })

  it('has no app and no sign-in on its own port', async () => {
    for (const host of [stage.host('hello'), stage.host('docs'), `login.gw.localhost:${stage.port}`]) {
      const bytes = request('GET', '/', `Host: ${host}`, `Cookie: ${stage.cookie}`, 'Connection: close')
      expect(statusOf(await exchange(Number(new URL(admin()).port), bytes))).toBe(404)
    }
    expect(stage.upstream.arrivals).toHaveLength(0)
  })
})
