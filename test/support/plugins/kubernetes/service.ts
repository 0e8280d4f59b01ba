import type { handleUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js'
import proto from '@pulumi/pulumi/proto/provider_pb.js'
import emptyProto from 'google-protobuf/google/protobuf/empty_pb.js'

import { deadlineSignal, lifecycleHandlers } from '../../../../infra/provider/lifecycle.ts'
import { checkResponse, closeStruct, openStruct } from '../../../../infra/provider/messages.ts'
import type { Properties, PropertyPath } from '../../../../infra/provider/properties.ts'
import { toStatus } from '../../../../infra/provider/status.ts'
import { createApi, NoSuchKind } from './api.ts'
import { openCheckpoint, secretsOf } from './checkpoint.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import { differences } from './differences.ts'
import { textAt, withMetadata } from './manifest.ts'
import { diffResponse, needsDeletionFirst } from './messages.ts'
import { named } from './naming.ts'
import { normalize, prune } from './normalize.ts'
import * as objects from './objects.ts'

type Subject = { getUrn(): string; getTimeout?(): number }
type Verb<Request, Response> = (request: Request, bench: objects.Bench, seen: PropertyPath[]) => Promise<Response>

/**
 * What the engine asks of the plugin `kubernetes`, for objects of any kind.
 * @param version of the SDK that asks
 * @see https://github.com/pulumi/pulumi-kubernetes
 */
export function createService(version: string): UntypedServiceImplementation {
  const cancellation = new AbortController()
  let configured: Configuration | undefined
  const configuration = (): Configuration => {
    if (!configured) throw new Error('the provider is not configured yet')
    return configured
  }
  const api = createApi(() => configuration().access)

  /** `seen` collects the secrets of the request, so that they are secret in the answer and in a failure too. */
  function handle<Request extends Subject, Response>(
    verb: Verb<Request, Response>,
  ): handleUnaryCall<Request, Response> {
    return ({ request }, respond) => {
      const signal = deadlineSignal(request.getTimeout?.() ?? 0, cancellation.signal)
      const seen: PropertyPath[] = []
      const answer = async (): Promise<Response> => verb(request, { api, configuration: configuration(), signal }, seen)
      answer().then(
        (response) => respond(null, response),
        (error: unknown) => respond(toStatus(error, allSecrets(seen))),
      )
    }
  }

  return {
    ...lifecycleHandlers(version, cancellation),
    configure: (({ request }, respond) => {
      try {
        configured = readConfiguration(openStruct(request.getArgs()).values)
        respond(null, new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true))
      } catch (error) {
        respond(toStatus(error, []))
      }
    }) satisfies handleUnaryCall<proto.ConfigureRequest, proto.ConfigureResponse>,
    check: handle(check),
    diff: handle(diff),
    create: handle(async (request: proto.CreateRequest, bench, seen) => {
      const inputs = open(request.getProperties(), seen)
      const make = request.getPreview() ? objects.previewCreation : objects.createObject
      const { id, outputs } = await make(bench, inputs)
      return new proto.CreateResponse().setId(id).setProperties(close(outputs, seen))
    }),
    read: handle(read),
    update: handle(async (request: proto.UpdateRequest, bench, seen) => {
      const state = open(request.getOlds(), seen)
      const inputs = open(request.getNews(), seen)
      const change = request.getPreview() ? objects.previewUpdate : objects.updateObject
      return new proto.UpdateResponse().setProperties(close(await change(bench, state, inputs), seen))
    }),
    delete: handle(async (request: proto.DeleteRequest, bench, seen) => {
      await objects.deleteObject(bench, open(request.getProperties(), seen))
      return new emptyProto.Empty()
    }),
  } satisfies UntypedServiceImplementation
}

async function check(request: proto.CheckRequest, { api, configuration, signal }: objects.Bench, seen: PropertyPath[]) {
  const former = openStruct(request.getOlds()).values
  const given = open(request.getNews(), seen)
  const resource = request.getUrn().split('::').at(-1) ?? ''
  const inputs = normalize(named(given, former, resource, request.getRandomseed_asU8()))
  const namespace = configuration.namespace ?? configuration.access.namespace
  const hasNone = !('namespace' in ((inputs['metadata'] ?? {}) as Properties))
  // A kind that is not there yet may come with a definition of the same program.
  const isNamespaced =
    hasNone &&
    (await api.isNamespaced(inputs, signal).catch((error: unknown) => {
      if (error instanceof NoSuchKind) return true
      throw error
    }))
  return checkResponse(isNamespaced ? withMetadata(inputs, { namespace }) : inputs, secretsOf(inputs, seen), [])
}

async function diff(request: proto.DiffRequest, { configuration }: objects.Bench, seen: PropertyPath[]) {
  const { inputs: former, live } = openCheckpoint(open(request.getOlds(), seen))
  const inputs = normalize(open(request.getNews(), seen))
  const before = normalize(former)
  const ignored = request.getIgnorechangesList()
  const changes = differences(prune(live, before), before, inputs, configuration.mutability).filter(
    ({ path }) => !ignored.some((prefix) => `${path.join('.')}.`.startsWith(`${prefix}.`)),
  )
  return diffResponse(changes, needsDeletionFirst(changes, live, inputs))
}

async function read(request: proto.ReadRequest, bench: objects.Bench, seen: PropertyPath[]) {
  const state = open(request.getProperties(), seen)
  const inputs = open(request.getInputs(), seen)
  const [kind = '', version = ''] = tokenOf(request.getUrn()).split(':').toReversed()
  const fromToken = { apiVersion: version.replace(/^core\//, ''), kind }
  const known = [inputs, state].find((object) => textAt(object, 'kind') !== '') ?? fromToken
  const found = await objects.readObject(bench, objects.objectOf(request.getId(), known), state, inputs)
  if (found === 'gone') return new proto.ReadResponse()
  return new proto.ReadResponse()
    .setId(request.getId())
    .setProperties(close(found.outputs, seen))
    .setInputs(close(found.inputs, seen))
}

/** `kubernetes:apps/v1:Deployment` */
function tokenOf(urn: string): string {
  return (urn.split('::')[2] ?? '').split('$').at(-1) ?? ''
}

function open(struct: Parameters<typeof openStruct>[0], seen: PropertyPath[]): Properties {
  const { values, secrets } = openStruct(struct)
  seen.push(...secrets)
  return values
}

function close(object: Properties, seen: readonly PropertyPath[]) {
  return closeStruct(object, secretsOf(object, seen))
}

/** Of a failure it is not known which object it holds. */
function allSecrets(seen: readonly PropertyPath[]): PropertyPath[] {
  return secretsOf({}, seen)
}
