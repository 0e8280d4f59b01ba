import { describe, expect, it } from 'vitest'

import { hostKey, originHostKeys } from '../../../runtime/wire/index.ts'

describe('hostKey', () => {
  it('gives one spelling to every spelling of a host', () => {
    for (const host of ['HELLO.acme.com', 'hello.acme.com', 'Hello.Acme.Com.'])
      expect(hostKey(host)).toBe('hello.acme.com')
    expect(hostKey('Hello.gw.localhost.:8400')).toBe('hello.gw.localhost:8400')
    expect(hostKey('[::1]:80')).toBe('[::1]:80')
    expect(hostKey('my_app:1')).toBe('my_app:1')
  })

  it('refuses what is no host with an optional port', () => {
    for (const host of [
      '',
      '.',
      'a..b',
      'a:',
      'a:0',
      'a:01',
      'a:65536',
      'a@b',
      'a/b',
      '[::1',
      '[1:2]',
      'a'.repeat(300),
    ]) {
      expect([host, hostKey(host)]).toEqual([host, undefined])
    }
  })
})

describe('originHostKeys', () => {
  it('has the default port and its absence for one host, another port as it is', () => {
    expect(originHostKeys('https://hello.acme.com')).toEqual(['hello.acme.com', 'hello.acme.com:443'])
    expect(originHostKeys('http://hello.acme.com')).toEqual(['hello.acme.com', 'hello.acme.com:80'])
    expect(originHostKeys('http://hello.gw.localhost:8400')).toEqual(['hello.gw.localhost:8400'])
  })

  it('is met by hostKey for what a browser sends', () => {
    for (const origin of ['https://hello.acme.com', 'http://hello.gw.localhost:8400', 'http://[::1]:3000']) {
      expect(originHostKeys(origin)).toContain(hostKey(new URL(origin).host))
    }
  })
})
