import { expect, it } from 'vitest'

import { parseFigures } from '../../bench/load/index.ts'

const OUTPUT = `Running 3s test @ http://127.0.0.1:4000
  1 threads and 64 connections
Requests/sec:  12000.12

figures {"requests":36000,"micros":3000000,"failed":2,"p50Micros":4250,"p99Micros":89600}
`

it('reads what the script told at the end of the output', () => {
  expect(parseFigures(OUTPUT)).toEqual({
    requests: 36_000,
    failed: 2,
    requestsPerSecond: 12_000,
    p50Ms: 4.25,
    p99Ms: 89.6,
  })
})

it.each([
  ['no line of the script', 'Requests/sec: 12\n'],
  ['a run of no time', 'figures {"requests":1,"micros":0,"failed":0,"p50Micros":1,"p99Micros":1}'],
  ['a figure that is missing', 'figures {"requests":1,"micros":1,"failed":0,"p50Micros":1}'],
  ['a figure below zero', 'figures {"requests":-1,"micros":1,"failed":0,"p50Micros":1,"p99Micros":1}'],
])('refuses %s', (_, output) => {
  expect(() => parseFigures(output)).toThrow(RangeError)
})
