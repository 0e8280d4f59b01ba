import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { countingKey, createClientAddresses } from '../../../runtime/limits/client-address.ts'

const from = (remoteAddress: string | undefined, forwardedFor?: string) => ({
  headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  socket: { remoteAddress },
})

describe('a client', () => {
  const clientOf = createClientAddresses(['10.1.0.0/16', '2001:db8:1::/48'])

  it.each<[string, ReturnType<typeof from>, string]>([
    ['the peer', from('203.0.113.7'), '203.0.113.7'],
    ['the peer, whatever it writes when it is no trusted proxy', from('203.0.113.7', '198.51.100.1'), '203.0.113.7'],
    ['the peer, also where its address claims to be forwarded', from('10.2.0.1', '198.51.100.1'), '10.2.0.1'],
    ['who the trusted proxy asks for', from('10.1.0.1', '198.51.100.1'), '198.51.100.1'],
    ['the right-most, not what it wrote itself', from('10.1.0.1', '1.1.1.1, 10.1.9.9, 198.51.100.1'), '198.51.100.1'],
    ['in front of a row of trusted proxies', from('10.1.0.1', '198.51.100.1, 10.1.0.3, 10.1.0.2'), '198.51.100.1'],
    ['behind a proxy in IPv6', from('2001:db8:1::5', '2001:db8:2::7'), '2001:db8:2::7'],
    ['behind a proxy whose IPv4 came mapped', from('::ffff:10.1.0.1', '::ffff:198.51.100.1'), '198.51.100.1'],
    ['without its port', from('10.1.0.1', '198.51.100.1:4711'), '198.51.100.1'],
    ['without brackets and port', from('10.1.0.1', '[2001:db8:2::7]:4711'), '2001:db8:2::7'],
    ['without its zone', from('fe80::1%eth0'), 'fe80::1'],
  ])('is %s', (_, request, address) => {
    expect(clientOf(request).address).toBe(address)
  })

  it.each(['', 'unknown', '_hidden', '999.1.1.1', '1.2.3', 'localhost', '198.51.100.1, nonsense'])(
    'is nobody in particular when the trusted proxy writes %j',
    (list) => {
      expect(clientOf(from('10.1.0.1', list))).toEqual({ address: '10.1.0.1', shared: true, known: false })
    },
  )

  it('is one of our own where that asks for itself, and not counted', () => {
    expect(clientOf(from('10.1.0.1', '10.1.2.3, 10.1.0.9'))).toEqual({ address: '10.1.2.3', shared: true, known: true })
    const endless = Array.from({ length: 40 }, () => '10.1.2.3').join(', ')
    expect(clientOf(from('10.1.0.1', endless))).toEqual({ address: '10.1.0.1', shared: true, known: false })
  })

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.9.0.1', '172.16.3.4', '192.168.1.1', 'fd00::1', 'fe80::2'])(
    'at %s is a proxy that nobody has named',
    (peer) => {
      expect(createClientAddresses([])(from(peer, '198.51.100.1')).shared).toBe(true)
    },
  )

  it.each(['203.0.113.7', '172.32.0.1', '2001:db8:2::7', '::ffff:8.8.8.8'])('at %s is counted', (peer) => {
    expect(createClientAddresses([])(from(peer, '198.51.100.1')).shared).toBe(false)
  })

  it('never is what stands left of the first foreign address, whatever that is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (forged) => {
        expect(clientOf(from('10.1.0.1', `${forged}, 198.51.100.1`)).address).toBe('198.51.100.1')
        expect(clientOf(from('203.0.113.7', forged)).address).toBe('203.0.113.7')
      }),
      { seed: 20_261_122 },
    )
  })
})

describe('an address is counted', () => {
  it('as itself in IPv4', () => {
    expect(countingKey('203.0.113.7')).toBe('203.0.113.7')
  })

  it.each([
    ['2001:db8:2:3:4:5:6:7', '2001:db8:2:3::/64'],
    ['2001:db8:2:3::7', '2001:db8:2:3::/64'],
    ['2001:0db8:0002:0003:ffff::', '2001:db8:2:3::/64'],
    ['2001:db8::7', '2001:db8:0:0::/64'],
    ['2001:DB8::1:0:0:1', '2001:db8:0:0::/64'],
    ['::7', '0:0:0:0::/64'],
    ['64:ff9b::198.51.100.1', '64:ff9b:0:0::/64'],
  ])('with its neighbours in IPv6: %s', (address, key) => {
    expect(countingKey(address)).toBe(key)
  })
})
