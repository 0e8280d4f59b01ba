import { expect, test } from 'vitest'

import { upstreamTls } from '../../../runtime/upstreams/tls-options.ts'
import { createCertificates } from './certificates.ts'
import { noSecret } from './stage.ts'

const upstreams = ['https://a', 'https://b']
const { ca, server, client } = createCertificates()

test('a route that says nothing about TLS changes nothing, and needs no secret', () => {
  expect(upstreamTls('app', { upstreams: ['http://a'] }, noSecret)).toEqual({})
  expect(upstreamTls('app', { upstreams, tls: { clientCertificate: false } }, noSecret)).toEqual({})
})

test('the client certificate comes from the route’s secret, with its chain', () => {
  const asked: string[] = []
  const secret = (name: string): string => {
    asked.push(name)
    return [client.cert, ca, client.key].join('\n')
  }
  const { certificate } = upstreamTls('app', { upstreams, tls: { clientCertificate: true } }, secret)
  expect(asked).toEqual(['upstream-certificate.app'])
  expect(certificate?.cert.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
  expect(certificate?.key).toBe(client.key.trim())
})

test.each([
  ['no certificate', client.key, 'the secret upstream-certificate.app must have at least one certificate in PEM'],
  ['no key', client.cert, 'the secret upstream-certificate.app must have exactly one private key in PEM'],
  ['two keys', client.cert + client.key + server.key, 'must have exactly one private key in PEM'],
  ['the key of another', client.cert + server.key, 'has a key that does not belong to its first certificate'],
  ['a broken certificate', client.cert.replace(/\n.{10}/, '\n') + client.key, 'has a certificate that cannot be read'],
  ['a broken key', client.cert + client.key.replace(/\n.{10}/, '\n'), 'has a private key that cannot be read'],
])('a secret with %s is refused without a word of its content', (_what, pem, message) => {
  const load = (): unknown => upstreamTls('app', { upstreams, tls: { clientCertificate: true } }, () => pem)
  expect(load).toThrow(message)
  expect(load).not.toThrow(/BEGIN|MII/)
})

interface Wrong {
  ca?: string
  serverName?: string
  upstreams?: string[]
}

test.each<[what: string, wrong: Wrong, message: string]>([
  [
    'an authority without a certificate',
    { ca: 'acme' },
    'tls.ca of route app must have at least one certificate in PEM',
  ],
  ['an address for a name', { serverName: '10.0.0.1' }, 'tls.serverName of route app is an address'],
  ['an upstream without TLS', { upstreams: ['https://a', 'http://b'] }, 'its upstream http://b has none'],
])('%s is refused', (_what, { upstreams: to = upstreams, ...tls }, message) => {
  const load = (): unknown => upstreamTls('app', { upstreams: to, tls: { clientCertificate: false, ...tls } }, noSecret)
  expect(load).toThrow(message)
})
