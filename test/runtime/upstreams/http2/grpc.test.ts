import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  status,
  type ServiceDefinition,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'

import { type Asked, ask } from '../ask.ts'
import { openEndpoint } from './stage.ts'

const asIs = (message: Buffer): Buffer => message

function method(name: string, streams: { request: boolean; response: boolean }): ServiceDefinition[string] {
  return {
    path: `/test.Echo/${name}`,
    requestStream: streams.request,
    responseStream: streams.response,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  }
}

const ECHO: ServiceDefinition = {
  unary: method('Unary', { request: false, response: false }),
  count: method('Count', { request: false, response: true }),
  talk: method('Talk', { request: true, response: true }),
}

const implementation = {
  unary(call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>): void {
    if (call.request.toString() === 'nobody') {
      reply({ code: status.NOT_FOUND, details: 'there is no nobody' })
      return
    }
    const trailers = new Metadata()
    trailers.set('x-seen-user', String(call.metadata.get('x-user')[0]))
    reply(null, call.request, trailers)
  },
  count(call: ServerWritableStream<Buffer, Buffer>): void {
    for (let number = 1; number <= Number(call.request.toString()); number += 1) call.write(Buffer.from(String(number)))
    call.end()
  },
  talk(call: ServerDuplexStream<Buffer, Buffer>): void {
    call.on('data', (message: Buffer) => call.write(Buffer.from(message.toString().toUpperCase())))
    call.on('end', () => call.end())
  },
}

/** A real gRPC server. */
async function startGrpc(): Promise<string> {
  const server = new Server()
  server.addService(ECHO, implementation)
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  onTestFinished(() => server.forceShutdown())
  return `http://127.0.0.1:${port}`
}

/** A message as gRPC frames it: not compressed, its length, itself. */
function framed(message: string): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, Buffer.from(message)])
}

function messages(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1')
  const found: string[] = []
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1)
    found.push(bytes.toString('utf8', at + 5, end))
    at = end
  }
  return found
}

function callMethod(origin: string, name: string): Asked {
  const endpoint = openEndpoint(origin)
  const headers = ['Host', endpoint.host, 'Content-Type', 'application/grpc', 'TE', 'trailers', 'X-User', 'alice']
  return ask(endpoint, { method: 'POST', target: `/test.Echo/${name}`, headers, hasBody: true })
}

test('a unary call is answered with its message and status', async () => {
  const asked = callMethod(await startGrpc(), 'Unary')
  asked.exchange.write(framed('hello'))
  asked.exchange.end()
  const heard = await asked.over
  expect(messages(asked.text())).toEqual(['hello'])
  const { trailers } = heard.at(-1) as { trailers: string[] }
  expect(trailers.join()).toContain('grpc-status,0')
  expect(trailers.join()).toContain('x-seen-user,alice')
})

test('a call that fails is answered by its head alone', async () => {
  const asked = callMethod(await startGrpc(), 'Unary')
  asked.exchange.write(framed('nobody'))
  asked.exchange.end()
  await asked.over
  const { answer } = await asked.first('head')
  expect(answer).toMatchObject({ status: 200, framing: 'none' })
  expect(answer.headers.join()).toContain('grpc-status,5')
  expect(asked.heard.map(({ kind }) => kind)).toEqual(['connected', 'head', 'end'])
})

test('a server stream comes message by message', async () => {
  const asked = callMethod(await startGrpc(), 'Count')
  asked.exchange.write(framed('5'))
  asked.exchange.end()
  await asked.over
  expect(messages(asked.text())).toEqual(['1', '2', '3', '4', '5'])
})

test('both sides talk in turns on one stream', async () => {
  const asked = callMethod(await startGrpc(), 'Talk')
  for (const word of ['one', 'two', 'three']) {
    const before = asked.text().length
    asked.exchange.write(framed(word))
    await asked.until(() => asked.text().length >= before + word.length + 5)
  }
  asked.exchange.end()
  const heard = await asked.over
  expect(messages(asked.text())).toEqual(['ONE', 'TWO', 'THREE'])
  expect((heard.at(-1) as { trailers: string[] }).trailers).toContain('grpc-status')
})
