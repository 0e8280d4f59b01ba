import { expect, it } from 'vitest'

import { type LoadRequest, loadScript, visitorLines } from '../../bench/load/index.ts'

const GET: LoadRequest = { method: 'GET', path: '/item.json', headers: { Accept: '*/*' }, bodyBytes: 0 }

it('asks the script for each request only where visitors take turns', () => {
  expect(loadScript(GET, '/tmp/visitors', 1)).not.toContain('function request()')
  expect(loadScript(GET, '/tmp/visitors', 2)).toContain('function request()')
})

it('has a body of the given length, and none for 0', () => {
  expect(loadScript(GET, '/tmp/visitors', 1)).not.toContain('wrk.body')
  expect(loadScript({ ...GET, bodyBytes: 102_400 }, '/tmp/visitors', 1)).toContain("wrk.body = string.rep('x', 102400)")
})

it('rests between requests only where it is told to', () => {
  expect(loadScript(GET, '/tmp/visitors', 1)).not.toContain('function delay()')
  expect(loadScript({ ...GET, pauseMs: 12 }, '/tmp/visitors', 1)).toContain('return math.random(1, 23)')
})

it('quotes what could end a string of Lua', () => {
  const script = loadScript({ ...GET, headers: { 'User-Agent': 'a"b\\c' } }, '/tmp/visitors', 1)
  expect(script).toContain(String.raw`["User-Agent"] = "a\"b\\c"`)
})

it.each(['é', 'a\nb', '\u0000'])('refuses the header value %j', (value) => {
  expect(() => loadScript({ ...GET, headers: { Accept: value } }, '/tmp/visitors', 1)).toThrow(RangeError)
})

it('keeps no cookie: visitors stand in a file of their own, a line each', () => {
  const visitors = [
    { host: 'a.gw.localhost:1', cookie: 'session=1' },
    { host: 'b.gw.localhost:1', cookie: '' },
  ]
  expect(visitorLines(visitors)).toBe('a.gw.localhost:1\tsession=1\nb.gw.localhost:1\t\n')
})

it.each(['a\tb', 'a\nb', 'a\rb'])('refuses the cookie %j, which would be another line', (cookie) => {
  expect(() => visitorLines([{ host: 'a', cookie }])).toThrow(RangeError)
})
