import { expect, it } from 'vitest'

import { judge, median, NAMES, renderTable, rounded, type Row, withResults } from '../../bench/report/index.ts'

const NONE = { cpuMicrosPerRequest: null, requestsPerSecond: null, p50Ms: null, p99Ms: null, rssMiB: null }
const row = (name: string, concurrency: number, figures: Partial<Row>): Row => ({
  name,
  concurrency,
  ...NONE,
  ...figures,
})
const outcomes = (rows: Row[]) => Object.fromEntries(judge(rows).map(({ what, outcome }) => [what, outcome]))

it('takes the middle value, and between two middle ones their mean', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 2, 100])).toBe(3)
  expect(() => median([])).toThrow(RangeError)
})

it.each([
  [1_234.5, 1_235],
  [99.96, 100],
  [12.345, 12.3],
  [0.004, 0],
  [1.005, 1],
])('rounds %d to %d', (value, expected) => {
  expect(rounded(value)).toBe(expected)
})

it('lines columns up, and shows a dash for what was not measured', () => {
  const rows = [row('nginx', 64, { cpuMicrosPerRequest: 31.5, requestsPerSecond: 12_107 }), row('a', 1_000, {})]
  expect(renderTable(rows).split('\n')).toEqual([
    '| what  | connections | CPU µs per request | requests/s | p50 ms | p99 ms | RSS MiB |',
    '| ----- | ----------: | -----------------: | ---------: | -----: | -----: | ------: |',
    '| nginx |          64 |               31.5 |     12,107 |      – |      – |       – |',
    '| a     |       1,000 |                  – |          – |      – |      – |       – |',
    '',
  ])
})

it('holds a target at its limit, and not above it', () => {
  const with64 = (micros: number) => [
    row('nginx', 64, { cpuMicrosPerRequest: 10 }),
    row('gatewright', 64, { cpuMicrosPerRequest: micros }),
  ]
  expect(outcomes(with64(30))['CPU per request against nginx']).toBe('held')
  expect(outcomes(with64(30.1))['CPU per request against nginx']).toBe('not held')
})

it('does not judge by figures that are not there, or of another number of connections', () => {
  const rows = [row('nginx', 1, { cpuMicrosPerRequest: 10 }), row('gatewright', 64, { cpuMicrosPerRequest: 20 })]
  expect(new Set(Object.values(outcomes(rows)))).toEqual(new Set(['not measured']))
})

it('measures memory over what there was before', () => {
  const sockets = (mib: number) => [
    row(NAMES.noSockets, 0, { rssMiB: 100 }),
    row(NAMES.sockets, 1_000, { rssMiB: mib }),
  ]
  expect(outcomes(sockets(157))['memory of 1,000 idle WebSockets']).toBe('held')
  expect(outcomes(sockets(158))['memory of 1,000 idle WebSockets']).toBe('not held')
})

it('puts results between the marks of a page, as often as one likes', () => {
  const results = { date: '2026-11-22', machine: 'two cores', rows: [row('nginx', 64, {})] }
  const begin = '<!-- bench:begin: written by `npm run bench`, do not edit -->'
  const page = `# Performance\n\n${begin}\nold\n<!-- bench:end -->\n\nafter\n`
  const once = withResults(page, results, [])
  expect(once).toContain('Measured on 2026-11-22: two cores.')
  expect(once).not.toContain('old')
  expect(once.endsWith('<!-- bench:end -->\n\nafter\n')).toBe(true)
  expect(withResults(once, results, [])).toBe(once)
  expect(() => withResults('# Performance\n', results, [])).toThrow(RangeError)
})
