import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { coversOrigin, createHostTable } from '../../../runtime/routes/index.ts'
import { hostKey } from '../../../runtime/wire/index.ts'

const table = (...from: string[]) => createHostTable(from.map((one) => ({ from: one, value: one })))

describe('a host table', () => {
  const hosts = table('https://apps.acme.com', 'https://*.apps.acme.com', 'https://b.apps.acme.com', 'http://*.x:8400')

  it.each([
    ['apps.acme.com', 'https://apps.acme.com'],
    ['a.apps.acme.com', 'https://a.apps.acme.com'],
    ['a.apps.acme.com:443', 'https://a.apps.acme.com'],
    ['a_b.apps.acme.com', 'https://a_b.apps.acme.com'],
    ['a.x:8400', 'http://a.x:8400'],
  ])('finds for %s the origin %s', (key, origin) => {
    expect(hosts.find(key)?.origin).toBe(origin)
  })

  it.each([
    ['two labels', 'a.b.apps.acme.com'],
    ['no label', '.apps.acme.com'],
    ['a star', '*.apps.acme.com'],
    ['another port', 'a.apps.acme.com:8443'],
    ['no port', 'a.x'],
    ['a domain that only ends alike', 'a.evilapps.acme.com'],
    ['a domain around it', 'a.apps.acme.com.evil.example'],
    ['an address', '[::1]'],
    ['a label that no name has', `${'a'.repeat(64)}.apps.acme.com`],
  ])('does not take %s for a host below a wildcard', (_, key) => {
    expect(hosts.find(key)).toBeUndefined()
  })

  it('prefers a host that is named', () => {
    expect(hosts.find('b.apps.acme.com')?.value).toBe('https://b.apps.acme.com')
    expect(hosts.find('a.apps.acme.com')?.value).toBe('https://*.apps.acme.com')
  })

  it('gives one object for one host, by which more can be remembered', () => {
    expect(hosts.find('a.apps.acme.com')).toBe(hosts.find('a.apps.acme.com'))
    expect(hosts.find('a.apps.acme.com')).not.toBe(hosts.find('c.apps.acme.com'))
  })

  it('forgets hosts below a wildcard rather than grow with whatever is asked for', () => {
    const first = hosts.find('first.apps.acme.com')
    for (let index = 0; index < 5_000; index += 1) hosts.find(`h${index}.apps.acme.com`)
    expect(hosts.find('first.apps.acme.com')).not.toBe(first)
    expect(hosts.find('first.apps.acme.com')).toEqual(first)
  })

  it('takes no two entries for one host', () => {
    expect(() => table('https://a.acme.com', 'https://a.acme.com')).toThrow('two sites claim a.acme.com')
    expect(() => table('https://a.acme.com', 'http://a.acme.com')).toThrow('two sites claim a.acme.com')
    expect(() => table('https://*.acme.com', 'https://*.acme.com')).toThrow('two sites claim *.acme.com')
  })
})

it('covers an origin exactly where the table finds it for the host', () => {
  const from = fc.constantFrom(
    'https://*.acme.com',
    'http://*.gw.localhost:8400',
    'https://a.acme.com',
    'https://acme.com',
  )
  const asked = fc.oneof(
    fc.constantFrom(
      'https://a.acme.com',
      'https://acme.com',
      'https://a.b.acme.com',
      'http://a.acme.com',
      'https://a.acme.com:444',
    ),
    fc.constantFrom(
      'http://x.gw.localhost:8400',
      'http://gw.localhost:8400',
      'https://evil.example/.acme.com',
      'https://a.acme.com.evil',
    ),
    fc.string().map((label) => `https://${label}.acme.com`),
  )
  fc.assert(
    fc.property(from, asked, (one, origin) => {
      const key = hostKey(URL.parse(origin)?.host ?? '') ?? ''
      expect(coversOrigin(one, origin)).toBe(table(one).find(key)?.origin === origin)
    }),
    { seed: 6, numRuns: 300 },
  )
})
