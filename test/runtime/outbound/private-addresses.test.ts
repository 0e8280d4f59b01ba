import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { boundedFetch, isPrivateAddress, mayStayPrivate } from '../../../runtime/outbound/index.ts'

describe('a private address', () => {
  it.each([
    '0.0.0.0',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::127.0.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fdff::1',
    'ff02::1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '',
    'localhost',
    '127.1',
    '0x7f000001',
  ])('is %s', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each(['8.8.8.8', '100.63.255.255', '172.32.0.1', '192.169.0.1', '2001:4860:4860::8888', '64:ff9b::8.8.8.8'])(
    'is not %s',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false)
    },
  )

  it('is every IPv4 address of a private network, however IPv6 carries it', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(fc.constantFrom('10', '127', '169.254', '192.168'), byte, byte, byte, (network, ...bytes) => {
        const address = [...network.split('.'), ...bytes].slice(0, 4).join('.')
        for (const prefix of ['', '::ffff:', '::', '64:ff9b::']) expect(isPrivateAddress(prefix + address)).toBe(true)
      }),
      { seed: 5 },
    )
  })
})

describe('a call', () => {
  let connections = 0
  const server = createServer((_request, response) => response.writeHead(204).end())
  server.on('connection', () => (connections += 1))
  let port = 0
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterAll(async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
  })

  it.each<[string, boolean | undefined]>([
    ['10.0.0.1', undefined],
    ['169.254.169.254', undefined],
    ['[::ffff:127.0.0.1]', undefined],
    ['127.0.0.1', false],
    ['[::1]', false],
    ['2130706433', false],
    ['idp.gw.localhost', false],
    ['localhost', false],
  ])('to %s with the permission %s makes no connection', async (host, permission) => {
    const before = connections
    const init = permission === undefined ? {} : { allowPrivateAddresses: permission }
    const error: unknown = await boundedFetch(`http://${host}:${port}/`, init).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ cause: { code: 'ERR_PRIVATE_ADDRESS' } })
    expect(connections).toBe(before)
  })

  it.each<[string, boolean | undefined]>([
    ['127.0.0.1', undefined],
    ['idp.gw.localhost', undefined],
    ['127.0.0.1', true],
  ])('to %s with the permission %s is answered', async (host, permission) => {
    const init = permission === undefined ? {} : { allowPrivateAddresses: permission }
    expect((await boundedFetch(`http://${host}:${port}/`, init)).status).toBe(204)
  })

  it.each([
    ['https://idp.example', false, false],
    ['https://idp.example', true, true],
    ['http://localhost:3000/x', false, true],
    ['https://10.0.0.1', false, false],
  ])('about %s with the setting %s has the permission %s', (issuer, setting, expected) => {
    expect(mayStayPrivate(issuer, setting)).toBe(expected)
  })
})
