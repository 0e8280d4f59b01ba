import { expect, it } from 'vitest'

import { requireTools } from '../../bench/process/index.ts'

it('names every program that is missing, and the packages that bring them', () => {
  const withoutTwo = (name: string) => (name === 'wrk' || name === 'haproxy' ? undefined : `/usr/bin/${name}`)
  expect(() => requireTools(withoutTwo)).toThrow(
    expect.objectContaining({
      code: 'bench_tool_missing',
      message: 'The bench needs wrk, haproxy: apt-get install wrk haproxy',
    }),
  )
})

it('gives the path of each when all are there', () => {
  expect(requireTools((name) => `/usr/bin/${name}`)).toEqual({
    wrk: '/usr/bin/wrk',
    nginx: '/usr/bin/nginx',
    haproxy: '/usr/bin/haproxy',
    taskset: '/usr/bin/taskset',
  })
})
