import { once } from 'node:events'
import { rename, writeFile } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { connect as connectHttp2 } from 'node:http2'
import { text } from 'node:stream/consumers'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'

import { expect, it, onTestFinished } from 'vitest'

import { type CertificateOnDisk, makeCertificate } from '../../support/certificate.ts'
import { ask, rawTo, startListener, temporaryFolder } from './stage.ts'

const settingsFor = (...certificates: CertificateOnDisk[]) => ({
  trustedProxies: [],
  tls: { certificates: certificates.map(({ certificateFile, keyFile }) => ({ certificateFile, keyFile })) },
})

async function secureTo(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ...options })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

/** Names of the certificate that is shown. */
async function shown(port: number, servername?: string): Promise<string | undefined> {
  const options = servername === undefined ? {} : { servername }
  const socket = await secureTo(port, { ...options, rejectUnauthorized: false })
  const names = socket.getPeerCertificate().subjectaltname
  socket.destroy()
  return names
}

it('speaks HTTP/2 or HTTP/1.1 by what the client chooses in the handshake', async () => {
  const folder = await temporaryFolder()
  const certificate = await makeCertificate(folder, 'a', ['a.test'])
  const { port } = await startListener(settingsFor(certificate))
  const trust = { ca: certificate.pem, servername: 'a.test' }
  const session = connectHttp2(`https://127.0.0.1:${port}`, trust)
  onTestFinished(() => session.destroy())
  const answer = await ask(session, { ':path': '/2', ':authority': 'a.test' })
  expect(JSON.parse(answer.text)).toMatchObject({ httpVersion: '2.0', url: '/2', host: 'a.test' })
  expect(session.alpnProtocol).toBe('h2')

  const outgoing = httpsRequest({
    ...trust,
    host: '127.0.0.1',
    port,
    path: '/1',
    headers: { host: 'a.test' },
    agent: false,
  })
  const [response] = (await once(outgoing.end(), 'response')) as [import('node:http').IncomingMessage]
  expect(JSON.parse(await text(response))).toMatchObject({ httpVersion: '1.1', url: '/1' })
})

it('shows the certificate for the name that is asked for, an exact one first, and the first one otherwise', async () => {
  const folder = await temporaryFolder()
  const first = await makeCertificate(folder, 'first', ['first.test'])
  const wild = await makeCertificate(folder, 'wild', ['*.apps.test'])
  const exact = await makeCertificate(folder, 'exact', ['one.apps.test'])
  const { port } = await startListener(settingsFor(first, wild, exact))
  expect(await shown(port, 'two.apps.test')).toBe('DNS:*.apps.test')
  expect(await shown(port, 'ONE.apps.test')).toBe('DNS:one.apps.test')
  expect(await shown(port, 'a.b.apps.test')).toBe('DNS:first.test')
  expect(await shown(port, 'other.test')).toBe('DNS:first.test')
  expect(await shown(port)).toBe('DNS:first.test')
})

it('refuses what is older than TLS 1.2, and a peer that speaks no TLS', async () => {
  const folder = await temporaryFolder()
  const { port, passed } = await startListener(settingsFor(await makeCertificate(folder, 'a', ['a.test'])))
  const old = connectTls({
    port,
    host: '127.0.0.1',
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1',
    ciphers: 'ALL:@SECLEVEL=0',
  })
  await expect(once(old, 'secureConnect')).rejects.toThrow(/alert|protocol|ECONNRESET|unsupported/i)
  const plain = await rawTo(port)
  plain.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n')
  await once(plain.resume(), 'close')
  expect(passed).toEqual([])
})

it('reads replaced files again without dropping a connection, and keeps the old pair while the new one is broken', async () => {
  const folder = await temporaryFolder()
  const certificate = await makeCertificate(folder, 'a', ['old.test'])
  const settings = settingsFor(certificate)
  const { listener, port, log } = await startListener(settings)
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
  onTestFinished(() => session.destroy())
  await ask(session, { ':path': '/', ':authority': 'a.test' })

  const other = await makeCertificate(folder, 'b', ['new.test'])
  await rename(other.certificateFile, certificate.certificateFile)
  await listener.use(settings)
  expect(await shown(port)).toBe('DNS:old.test')
  await listener.use(settings)
  expect(log().match(/Certificate refused/g)).toHaveLength(1)
  expect(log()).not.toContain('PRIVATE')

  await rename(other.keyFile, certificate.keyFile)
  await listener.use(settings)
  expect(await shown(port)).toBe('DNS:new.test')
  expect((await ask(session, { ':path': '/', ':authority': 'a.test' })).status).toBe(200)
})

it('refuses settings whose certificate cannot be used, names the file, and goes on with what is in force', async () => {
  const folder = await temporaryFolder()
  const certificate = await makeCertificate(folder, 'a', ['a.test'])
  const broken = await makeCertificate(folder, 'broken', ['b.test'])
  await writeFile(broken.keyFile, 'no key')
  const { listener, port } = await startListener(settingsFor(certificate))
  await expect(listener.use(settingsFor(broken))).rejects.toThrow(broken.certificateFile)
  expect(await shown(port)).toBe('DNS:a.test')
})

it('tells when a certificate ends, and warns fourteen days before', async () => {
  const folder = await temporaryFolder()
  const soon = await makeCertificate(folder, 'soon', ['a.test'], 10)
  const late = await makeCertificate(folder, 'late', ['b.test'], 20)
  const { listener, log } = await startListener(settingsFor(soon, late))
  expect(listener.expiries()).toEqual([
    { file: soon.certificateFile, expiresAt: expect.closeTo(Date.now() + 10 * 86_400_000, -5) as number },
    { file: late.certificateFile, expiresAt: expect.closeTo(Date.now() + 20 * 86_400_000, -5) as number },
  ])
  const warned = log()
    .split('\n')
    .filter((line) => line.includes('ends soon'))
  expect(warned).toHaveLength(1)
  expect(warned[0]).toContain(soon.certificateFile)
})

it('a client of HTTP/1.0 that is broken off loses its connection, and nobody else theirs', async () => {
  const folder = await temporaryFolder()
  const certificate = await makeCertificate(folder, 'a', ['a.test'])
  const { port } = await startListener(settingsFor(certificate), {
    request(request, response) {
      response.writeHead(200, {}).write('begun')
      // As the proxy does it: in a timer of its own, where nobody would catch what it throws.
      if ('breakOff' in request && request.httpVersion === '1.0') setTimeout(() => request.breakOff(), 20)
      else response.end()
    },
  })
  const trust = { ca: certificate.pem, servername: 'a.test' }
  const socket = await secureTo(port, trust)
  socket.write('GET / HTTP/1.0\r\nHost: a.test\r\n\r\n')
  expect(await text(socket)).toMatch(/begun$/)
  const other = await secureTo(port, trust)
  other.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
  expect(await text(other)).toMatch(/begun/)
})
