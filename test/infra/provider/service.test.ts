import { promisify } from 'node:util'

import { credentials, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js'
import providerGrpc from '@pulumi/pulumi/proto/provider_grpc_pb.js'
import proto from '@pulumi/pulumi/proto/provider_pb.js'
import statusProto from '@pulumi/pulumi/proto/status_pb.js'
import * as rpc from '@pulumi/pulumi/runtime/rpc.js'
import emptyProto from 'google-protobuf/google/protobuf/empty_pb.js'
import structProto from 'google-protobuf/google/protobuf/struct_pb.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { InitializationFailure, ProviderError } from '../../../infra/provider/errors.ts'
import { UNKNOWN, type Properties } from '../../../infra/provider/properties.ts'
import { diffProperties } from '../../../infra/provider/property-diff.ts'
import type { Call, ResourceType } from '../../../infra/provider/resource-type.ts'
import { createService } from '../../../infra/provider/service.ts'

const type = 'gatewright-native:test:Thing'
const urn = `urn:pulumi:test::project::${type}::thing`
const seen: { verb: string; inputs: Properties }[] = []

/** A resource type that remembers what it was given. */
const thing: ResourceType = {
  secrets: [['password']],
  stableOutputs: ['serial'],
  check: (inputs) => ({
    inputs,
    failures: [
      { property: 'a', reason: 'wrong' },
      { property: 'b', reason: 'worse' },
    ],
  }),
  diff: async ({ oldInputs, newInputs }) =>
    diffProperties(oldInputs, newInputs, { replaceOn: ['kind'], unordered: [] }),
  plan: (inputs, state) => ({ ...inputs, serial: state?.['serial'] ?? UNKNOWN }),
  async create(call, inputs) {
    seen.push({ verb: 'create', inputs })
    if (inputs['fail'] === 'early') throw new ProviderError('unreachable', 'nobody there')
    const outputs = { ...inputs, serial: 7, password: 'generated' }
    if (inputs['fail'] === 'late') throw new InitializationFailure('id-7', outputs, new Error('half done'))
    if (inputs['fail'] === 'never') await aborted(call)
    return { id: 'id-7', outputs }
  },
  read: async (_call, id, state, inputs) => (id === 'missing' ? 'gone' : { inputs, outputs: state }),
  async update(_call, _id, state, inputs) {
    seen.push({ verb: 'update', inputs })
    return { ...state, ...inputs }
  },
  delete: async () => {},
}

const server = new Server()
let client: InstanceType<typeof providerGrpc.ResourceProviderClient>

beforeAll(async () => {
  server.addService(providerGrpc.ResourceProviderService, createService({ [type]: async () => thing }, {}, '1.2.3'))
  const port = await promisify(server.bindAsync.bind(server))('127.0.0.1:0', ServerCredentials.createInsecure())
  client = new providerGrpc.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure())
})

afterAll(() => {
  client.close()
  server.forceShutdown()
})

const secret = (value: unknown) => ({ [rpc.specialSigKey]: rpc.specialSecretSig, value })
const struct = (values: object) => structProto.Struct.fromJavaScript({ ...values })

describe('lifecycle', () => {
  it('says that it previews and takes secrets', async () => {
    const request = new proto.ConfigureRequest()
    const answer = await send<proto.ConfigureResponse>((done) => client.configure(request, done))
    expect(answer.getSupportspreview()).toBe(true)
    expect(answer.getAcceptsecrets()).toBe(true)
    const info = await send<{ getVersion(): string }>((done) => client.getPluginInfo(new emptyProto.Empty(), done))
    expect(info.getVersion()).toBe('1.2.3')
  })

  it('does not know what it does not implement', async () => {
    const failing = send((done) => client.call(new proto.CallRequest(), done))
    await expect(failing).rejects.toMatchObject({ code: 12 })
  })
})

describe('check', () => {
  it('gives all failures, and the inputs with their marks', async () => {
    const news = struct({ a: secret('x'), b: UNKNOWN, password: 'p', list: ['y'] })
    const answer = await send<proto.CheckResponse>((done) =>
      client.check(about(new proto.CheckRequest()).setNews(news), done),
    )
    expect(answer.getFailuresList().map((failure) => failure.getProperty())).toEqual(['a', 'b'])
    expect(answer.getInputs()?.toJavaScript()).toEqual({
      a: secret('x'),
      b: UNKNOWN,
      password: secret('p'),
      list: ['y'],
    })
  })
})

describe('diff', () => {
  const diff = (before: object, after: object) => {
    const request = about(new proto.DiffRequest()).setOldInputs(struct(before)).setNews(struct(after))
    return send<proto.DiffResponse>((done) => client.diff(request, done))
  }

  it('names each changed property', async () => {
    const answer = await diff({ uris: ['a', secret('b')], kind: 'x' }, { uris: ['a', secret('c')], kind: 'x' })
    expect(answer.getChanges()).toBe(proto.DiffResponse.DiffChanges.DIFF_SOME)
    expect([...answer.getDetaileddiffMap().keys()]).toEqual(['uris[1]'])
    expect(answer.getDetaileddiffMap().get('uris[1]')?.getKind()).toBe(proto.PropertyDiff.Kind.UPDATE)
    expect(answer.getReplacesList()).toEqual([])
    expect(answer.getStablesList()).toEqual(['serial'])
  })

  it('says what replaces', async () => {
    const answer = await diff({ kind: 'x' }, { kind: 'y' })
    expect(answer.getReplacesList()).toEqual(['kind'])
    expect(answer.getStablesList()).toEqual([])
    expect(answer.getDetaileddiffMap().get('kind')?.getKind()).toBe(proto.PropertyDiff.Kind.UPDATE_REPLACE)
  })

  it('finds nothing between equal inputs', async () => {
    expect((await diff({ a: 1 }, { a: 1 })).getChanges()).toBe(proto.DiffResponse.DiffChanges.DIFF_NONE)
  })
})

describe('create', () => {
  const create = (inputs: object, set: (request: proto.CreateRequest) => void = () => {}) => {
    const request = about(new proto.CreateRequest()).setProperties(struct(inputs))
    set(request)
    return send<proto.CreateResponse>((done) => client.create(request, done))
  }

  it('gives the verb plain values, and marks in the answer what was secret or is declared so', async () => {
    const answer = await create({ token: secret('t'), nested: { a: secret('n') } })
    expect(seen.at(-1)?.inputs).toEqual({ token: 't', nested: { a: 'n' } })
    expect(answer.getId()).toBe('id-7')
    expect(answer.getProperties()?.toJavaScript()).toEqual({
      token: secret('t'),
      nested: { a: secret('n') },
      serial: 7,
      password: secret('generated'),
    })
  })

  it('previews without creating', async () => {
    const before = seen.length
    const answer = await create({ a: 1, b: secret(UNKNOWN) }, (request) => request.setPreview(true))
    expect(answer.getProperties()?.toJavaScript()).toEqual({ a: 1, b: secret(UNKNOWN), serial: UNKNOWN })
    expect(seen).toHaveLength(before)
  })

  it('gives the code of a failure before anything was made, and no state', async () => {
    const failure = await create({ fail: 'early' }).catch((error: unknown) => error as ServiceError)
    expect(failure).toMatchObject({ details: 'nobody there [unreachable]' })
    expect((failure as ServiceError).metadata.get('grpc-status-details-bin')).toEqual([])
  })

  it('gives the state of a failure after something was made, with its secrets marked', async () => {
    const failure = (await create({ fail: 'late', token: secret('t') }).catch(
      (error: unknown) => error,
    )) as ServiceError
    const [bytes] = failure.metadata.get('grpc-status-details-bin')
    const [any] = statusProto.Status.deserializeBinary(bytes as Buffer).getDetailsList()
    const detail = any?.unpack(
      (data) => proto.ErrorResourceInitFailed.deserializeBinary(data),
      'pulumirpc.ErrorResourceInitFailed',
    )
    expect(detail?.getId()).toBe('id-7')
    expect(detail?.getReasonsList()).toEqual(['half done'])
    expect(detail?.getProperties()?.toJavaScript()).toEqual({
      fail: 'late',
      token: secret('t'),
      serial: 7,
      password: secret('generated'),
    })
  })

  it('ends with the custom timeout', async () => {
    const failing = create({ fail: 'never' }, (request) => request.setTimeout(0.05))
    await expect(failing).rejects.toMatchObject({ details: expect.stringContaining('timeout') })
  })

  it('refuses a type that it does not have', async () => {
    const failing = create({}, (request) => request.setType('gatewright-native:test:Other'))
    await expect(failing).rejects.toMatchObject({ details: expect.stringContaining('[unknown_resource_type]') })
  })
})

describe('update and read', () => {
  it('keeps known in a preview what an update does not change', async () => {
    const request = about(new proto.UpdateRequest()).setId('id-7').setPreview(true)
    request.setOlds(struct({ a: 1, serial: 7 })).setNews(struct({ a: 2 }))
    const answer = await send<proto.UpdateResponse>((done) => client.update(request, done))
    expect(answer.getProperties()?.toJavaScript()).toEqual({ a: 2, serial: 7 })
    expect(seen.some(({ verb }) => verb === 'update')).toBe(false)
  })

  it('says gone with an empty id', async () => {
    const request = about(new proto.ReadRequest()).setId('missing')
    const answer = await send<proto.ReadResponse>((done) => client.read(request, done))
    expect(answer.getId()).toBe('')
    expect(answer.getProperties()).toBeUndefined()
  })

  it('reads inputs and outputs with their marks', async () => {
    const request = about(new proto.ReadRequest()).setId('id-7')
    request.setProperties(struct({ password: secret('p') })).setInputs(struct({ token: secret('t') }))
    const answer = await send<proto.ReadResponse>((done) => client.read(request, done))
    expect(answer.getInputs()?.toJavaScript()).toEqual({ token: secret('t') })
    expect(answer.getProperties()?.toJavaScript()).toEqual({ password: secret('p') })
  })
})

interface Subject {
  setUrn(urn: string): unknown
  setType(type: string): unknown
  setName(name: string): unknown
}

function about<Request extends Subject>(request: Request): Request {
  request.setUrn(urn)
  request.setType(type)
  request.setName('thing')
  return request
}

function send<Response>(ask: (done: (error: Error | null, response: Response) => void) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    ask((error, response) => (error ? reject(error) : resolve(response)))
  })
}

function aborted({ signal }: Call): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
}
