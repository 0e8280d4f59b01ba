import type { handleUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js'
import proto from '@pulumi/pulumi/proto/provider_pb.js'
import emptyProto from 'google-protobuf/google/protobuf/empty_pb.js'

import { ProviderError } from './errors.ts'
import { lifecycleHandlers, deadlineSignal } from './lifecycle.ts'
import { checkResponse, closeStruct, diffResponse, openStruct } from './messages.ts'
import type { Properties, PropertyPath } from './properties.ts'
import type { Call, ProviderFunction, ResourceType } from './resource-type.ts'
import type { Loaded } from './resource-types.ts'
import { toStatus } from './status.ts'

type Subject = { getType(): string; getUrn(): string; getName(): string; getTimeout?(): number }
type Handled<Response> = (type: ResourceType, call: Call, seen: PropertyPath[]) => Promise<Response>

/**
 * The gRPC service that the engine talks to, over a table from resource type to its verbs.
 * @param types by type token, such as `gatewright-native:oidc:Client`
 * @param functions by token, such as `gatewright-native:pingone:getGroups`
 * @param version of this provider, as a semantic version
 * @see https://pulumi-developer-docs.readthedocs.io/latest/docs/_generated/proto/provider.html
 */
export function createService(
  types: Readonly<Record<string, Loaded<ResourceType>>>,
  functions: Readonly<Record<string, Loaded<ProviderFunction>>>,
  version: string,
): UntypedServiceImplementation {
  const cancellation = new AbortController()

  /** `seen` collects the secrets of the request, so that they are secret in the answer and in a failure too. */
  function handle<Request extends Subject, Response>(
    verb: (request: Request) => Handled<Response>,
  ): handleUnaryCall<Request, Response> {
    return ({ request }, respond) => {
      const signal = deadlineSignal(request.getTimeout?.() ?? 0, cancellation.signal)
      const call = { urn: request.getUrn(), name: request.getName(), signal }
      const seen: PropertyPath[] = []
      const answer = async (): Promise<Response> => {
        const type = await types[request.getType()]?.()
        if (!type) throw unknownType(request)
        seen.push(...type.secrets)
        return verb(request)(type, call, seen)
      }
      answer().then(
        (response) => respond(null, response),
        (error: unknown) => respond(toStatus(error, seen)),
      )
    }
  }

  return {
    check: handle((request: proto.CheckRequest) => async (type, _call, seen) => {
      const { inputs, failures } = type.check(open(request.getNews(), seen))
      return checkResponse(inputs, seen, failures)
    }),
    diff: handle((request: proto.DiffRequest) => async (type, call, seen) => {
      const state = open(request.getOlds(), seen)
      const oldInputs = open(request.getOldInputs(), seen)
      const newInputs = open(request.getNews(), seen)
      return diffResponse(await type.diff({ urn: call.urn, state, oldInputs, newInputs }), type.stableOutputs)
    }),
    create: handle((request: proto.CreateRequest) => async (type, call, seen) => {
      const inputs = open(request.getProperties(), seen)
      const made = request.getPreview()
        ? { id: '', outputs: type.plan(inputs, undefined) }
        : await type.create(call, inputs)
      return new proto.CreateResponse().setId(made.id).setProperties(closeStruct(made.outputs, seen))
    }),
    read: handle((request: proto.ReadRequest) => async (type, call, seen) => {
      const state = open(request.getProperties(), seen)
      const found = await type.read(call, request.getId(), state, open(request.getInputs(), seen))
      if (found === 'gone') return new proto.ReadResponse()
      return new proto.ReadResponse()
        .setId(request.getId())
        .setProperties(closeStruct(found.outputs, seen))
        .setInputs(closeStruct(found.inputs, seen))
    }),
    update: handle((request: proto.UpdateRequest) => async (type, call, seen) => {
      const state = open(request.getOlds(), seen)
      const inputs = open(request.getNews(), seen)
      const outputs = request.getPreview()
        ? type.plan(inputs, state)
        : await type.update(call, request.getId(), state, inputs)
      return new proto.UpdateResponse().setProperties(closeStruct(outputs, seen))
    }),
    delete: handle((request: proto.DeleteRequest) => async (type, call, seen) => {
      await type.delete(call, open(request.getProperties(), seen))
      return new emptyProto.Empty()
    }),
    invoke: (({ request }, respond) => {
      const { values, secrets } = openStruct(request.getArgs())
      const answer = async (): Promise<Properties> => {
        const ask = await functions[request.getTok()]?.()
        if (!ask) throw unknownFunction(request.getTok())
        return ask(values, deadlineSignal(0, cancellation.signal))
      }
      answer().then(
        (result) => respond(null, new proto.InvokeResponse().setReturn(closeStruct(result, []))),
        (error: unknown) => respond(toStatus(error, secrets)),
      )
    }) satisfies handleUnaryCall<proto.InvokeRequest, proto.InvokeResponse>,
    ...lifecycleHandlers(version, cancellation),
  } satisfies UntypedServiceImplementation
}

function open(struct: Parameters<typeof openStruct>[0], seen: PropertyPath[]) {
  const { values, secrets } = openStruct(struct)
  seen.push(...secrets)
  return values
}

function unknownType(request: Subject): ProviderError {
  return new ProviderError('unknown_resource_type', `${request.getUrn()}: there is no type ${request.getType()} here`)
}

function unknownFunction(token: string): ProviderError {
  return new ProviderError('unknown_resource_type', `there is no function ${token} here`)
}
