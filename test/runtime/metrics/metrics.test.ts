import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'

import { CATALOGUE, createMetrics, keepGrowing, type Metrics, renderMetrics } from '../../../runtime/metrics/index.ts'

function metricsHere(): Metrics {
  const metrics = createMetrics()
  onTestFinished(() => metrics.close())
  return metrics
}

const textOf = async (...all: Metrics[]): Promise<string> =>
  (await renderMetrics(await Promise.all(all.map((metrics) => metrics.snapshot())))).text

it('counts requests by route, method and class, with their durations', async () => {
  const metrics = metricsHere()
  const route = metrics.route('hello')
  for (const [method, status, ms] of [
    ['GET', 200, 1],
    ['GET', 204, 7],
    ['PROPFIND', 404, 60_000],
    ['POST', 0, 20],
  ] as const) {
    route.begin()
    route.done(method, status, ms)
  }
  route.begin()
  route.tunnelOpened()
  const lines = (await textOf(metrics)).split('\n').filter((line) => line.startsWith('gatewright_'))
  expect(lines).toEqual(
    expect.arrayContaining([
      'gatewright_requests_total{route="hello",method="GET",status="2xx"} 2',
      'gatewright_requests_total{route="hello",method="other",status="4xx"} 1',
      'gatewright_requests_total{route="hello",method="POST",status="cut"} 1',
      'gatewright_request_duration_seconds_bucket{le="0.002",route="hello"} 1',
      'gatewright_request_duration_seconds_bucket{le="0.01",route="hello"} 2',
      'gatewright_request_duration_seconds_bucket{le="30",route="hello"} 3',
      'gatewright_request_duration_seconds_bucket{le="+Inf",route="hello"} 4',
      'gatewright_request_duration_seconds_sum{route="hello"} 60.028',
      'gatewright_request_duration_seconds_count{route="hello"} 4',
      'gatewright_requests_in_flight{route="hello"} 1',
      'gatewright_tunnels_open{route="hello"} 1',
    ]),
  )
})

it('has no other labels than the catalogue names, whatever methods and statuses come', async () => {
  const metrics = metricsHere()
  const route = metrics.route('hello')
  fc.assert(
    fc.property(fc.string(), fc.integer(), fc.double({ noNaN: true, min: 0 }), (method, status, ms) => {
      route.begin()
      route.done(method, status, ms)
    }),
    { seed: 6 },
  )
  const lines = (await textOf(metrics)).split('\n').filter((line) => line.startsWith('gatewright_requests_total{'))
  const format = /^gatewright_requests_total\{route="hello",method="(?:GET|other)",status="(?:cut|[1-5]xx)"\} \d+$/
  for (const line of lines) expect(line).toMatch(format)
})

it('writes HELP and TYPE before every metric, and each line by the rules of the text format', async () => {
  const metrics = metricsHere()
  metrics.signIn('acme', 'signed_in')
  metrics.refreshed('acme', 'renewed')
  metrics.upstreamFailed('hello', 'upstream_timeout')
  metrics.release('applied')
  metrics.watch({
    certificates: () => [{ file: '/a "quoted"\\path\n', expiresAt: 1_700_000_000_000 }],
    upstreams: () => [{ origin: 'http://10.0.0.1', healthy: false }],
    store: () => ({ read: 1, write: 0 }),
    workers: () => 2,
  })
  metrics.route('hello').begin()
  metrics.route('hello').done('GET', 200, 1)
  const text = await textOf(metrics)
  const declared = new Map<string, string>()
  for (const line of text.split('\n').filter(Boolean)) {
    const comment = /^# (?<what>HELP|TYPE) (?<name>\w+) (?<rest>.+)$/.exec(line)?.groups
    if (comment) {
      if (comment['what'] === 'TYPE') declared.set(comment['name'] ?? '', comment['rest'] ?? '')
      continue
    }
    const sample =
      /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (?:[-+.\de]+|NaN|\+Inf)$/.exec(line)
    const name = sample?.groups?.['name'] ?? `no sample: ${line}`
    expect(declared.has(name) || declared.get(name.replace(/_(?:bucket|sum|count)$/, '')) === 'histogram', line).toBe(
      true,
    )
  }
  for (const [name, { type }] of Object.entries(CATALOGUE)) expect([name, declared.get(name)]).toEqual([name, type])
  expect(text).toContain(
    'gatewright_certificate_expiry_timestamp_seconds{file="/a \\"quoted\\"\\\\path\\n"} 1700000000',
  )
  expect(text).toContain('nodejs_eventloop_lag_seconds')
  expect(text).toContain('process_cpu_seconds_total')
})

it('adds up several processes; an upstream is healthy where it is for all', async () => {
  const [one, two] = [metricsHere(), metricsHere()]
  for (const metrics of [one, two]) {
    metrics.route('hello').begin()
    metrics.route('hello').done('GET', 200, 1)
    metrics.storeFailed()
    metrics.watch({ upstreams: () => [{ origin: 'http://a', healthy: metrics === one }] })
  }
  const text = await textOf(one, two)
  expect(text).toContain('gatewright_requests_total{route="hello",method="GET",status="2xx"} 2')
  expect(text).toContain('gatewright_store_errors_total 2')
  expect(text).toContain('gatewright_upstream_healthy{upstream="http://a"} 0')
})

it('keeps what only grows of a process that has ended, and nothing of its present', async () => {
  const metrics = metricsHere()
  metrics.route('hello').begin()
  metrics.route('hello').done('GET', 200, 1)
  metrics.route('hello').begin()
  const twice = await keepGrowing(await keepGrowing([], await metrics.snapshot()), await metrics.snapshot())
  const { text } = await renderMetrics([twice])
  expect(text).toContain('gatewright_requests_total{route="hello",method="GET",status="2xx"} 2')
  expect(text).toContain('gatewright_request_duration_seconds_count{route="hello"} 2')
  expect(text).not.toContain('in_flight')
})

it('forgets routes that are gone, and goes on with those that stay', async () => {
  const metrics = metricsHere()
  for (const id of ['stays', 'goes']) {
    metrics.route(id).begin()
    metrics.route(id).done('GET', 200, 1)
  }
  metrics.keepRoutes(new Set(['stays']))
  const text = await textOf(metrics)
  expect(text).toContain('route="stays"')
  expect(text).not.toContain('route="goes"')
})
