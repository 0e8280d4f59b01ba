import { rm } from 'node:fs/promises'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { credentials, Metadata, Client, Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js'
import { expect, it, onTestFinished } from 'vitest'

import { makeCertificate } from '../../support/certificate.ts'
import { startTestGateway } from '../../support/gateway.ts'
import { freePorts } from '../../support/ports.ts'
import { forwardTo } from '../../support/release.ts'

const same = (value: Buffer): Buffer => value
const method = (name: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/test.Echo/${name}`,
  requestStream,
  responseStream,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
})
const SERVICE = {
  once: method('once', false, false),
  both: method('both', true, true),
  never: method('never', false, false),
  fails: method('fails', false, false),
} satisfies ServiceDefinition

/** A gRPC server behind the gateway, and a client in front of it that speaks HTTP/2 over TLS. */
async function startGrpc() {
  const [port = 0] = await freePorts(1)
  const server = new Server()
  const cancelled: string[] = []
  server.addService(SERVICE, {
    once: (call: { request: Buffer }, reply: (error: null, value: Buffer, trailer: Metadata) => void) => {
      const trailer = new Metadata()
      trailer.set('x-trailer', 'kept')
      reply(null, Buffer.from(`echo ${call.request.toString()}`), trailer)
    },
    both: (call: import('@grpc/grpc-js').ServerDuplexStream<Buffer, Buffer>) => {
      call.on('data', (chunk: Buffer) => call.write(chunk))
      call.on('end', () => call.end())
    },
    never: (call: import('@grpc/grpc-js').ServerUnaryCall<Buffer, Buffer>) => {
      call.on('cancelled', () => cancelled.push('never'))
    },
    fails: (_call: unknown, reply: (error: { code: number; details: string }) => void) =>
      reply({ code: status.FAILED_PRECONDITION, details: 'not today' }),
  })
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    ),
  )
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-grpc-'))
  const certificate = await makeCertificate(folder, 'gateway', ['docs.gw.localhost'])
  const gateway = await startTestGateway({
    config(config) {
      const { certificateFile, keyFile } = certificate
      config.tls = { certificates: [{ certificateFile, keyFile }] }
      const docs = config.routes['docs']
      if (docs) docs.action = { ...forwardTo(`http://127.0.0.1:${port}`), protocol: 'http2' }
    },
  })
  const { host } = new URL(gateway.docs)
  const client = new Client(
    host.replace('docs.gw.localhost', '127.0.0.1'),
    credentials.createSsl(Buffer.from(certificate.pem)),
    {
      'grpc.ssl_target_name_override': 'docs.gw.localhost',
      'grpc.default_authority': host,
    },
  )
  onTestFinished(async () => {
    client.close()
    server.forceShutdown()
    await gateway.close()
    await rm(folder, { recursive: true })
  })
  const unary = (name: keyof typeof SERVICE, deadlineMs = 5_000) =>
    new Promise<{ error?: { code: number; details: string }; value?: string; trailer: Promise<unknown> }>((resolve) => {
      const call = client.makeUnaryRequest(
        SERVICE[name].path,
        same,
        same,
        Buffer.from('hello'),
        new Metadata(),
        { deadline: Date.now() + deadlineMs },
        (error, value) =>
          resolve({ ...(error ? { error } : {}), ...(value ? { value: value.toString() } : {}), trailer }),
      )
      const trailer = new Promise<unknown>((told) => call.on('status', ({ metadata }) => told(metadata.getMap())))
    })
  return { client, unary, cancelled }
}

it('carries unary gRPC calls with their trailers', async () => {
  const { unary } = await startGrpc()
  const { value, trailer } = await unary('once')
  expect(value).toBe('echo hello')
  expect(await trailer).toMatchObject({ 'x-trailer': 'kept' })
})

it('carries streams in both directions at once', async () => {
  const { client } = await startGrpc()
  const call = client.makeBidiStreamRequest(SERVICE.both.path, same, same, new Metadata())
  const received: string[] = []
  const ended = new Promise<void>((resolve) => void call.on('end', resolve))
  for (const word of ['one', 'two', 'three']) {
    const answered = new Promise<void>((resolve) => {
      call.once('data', (chunk: Buffer) => {
        received.push(chunk.toString())
        resolve()
      })
    })
    call.write(Buffer.from(word))
    await answered
  }
  call.end()
  await ended
  expect(received).toEqual(['one', 'two', 'three'])
})

it('carries the status of a call that failed, and ends one at the server whose deadline is over', async () => {
  const { unary, cancelled } = await startGrpc()
  expect((await unary('fails')).error).toMatchObject({ code: status.FAILED_PRECONDITION, details: 'not today' })
  expect((await unary('never', 200)).error).toMatchObject({ code: status.DEADLINE_EXCEEDED })
  await expect.poll(() => cancelled).toEqual(['never'])
})
