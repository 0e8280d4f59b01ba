import { createRequire, flushCompileCache } from 'node:module'
import { basename, dirname } from 'node:path'

import { Server, ServerCredentials, type handleUnaryCall, type UntypedServiceImplementation } from '@grpc/grpc-js'
import providerGrpc from '@pulumi/pulumi/proto/provider_grpc_pb.js'
import proto from '@pulumi/pulumi/proto/provider_pb.js'

import { onEngineGone } from '../../../infra/provider/engine-watch.ts'
import { openStruct } from '../../../infra/provider/messages.ts'
import type { Properties } from '../../../infra/provider/properties.ts'
import type { ProviderFunction, ResourceType } from '../../../infra/provider/resource-type.ts'
import { mapValues } from '../../../infra/map-values.ts'
import { createService } from '../../../infra/provider/service.ts'

/** What a stand-in is made of, once it knows how it is configured. */
export interface StandIn {
  /** By type token, such as `okta:app/oAuth:OAuth`. */
  types: Readonly<Record<string, ResourceType>>
  /** By token, such as `okta:group/getGroups:getGroups`. */
  functions: Readonly<Record<string, ProviderFunction>>
}

/**
 * Serves a stand-in for an official plugin, over the same protocol, to the engine that started this process.
 * @param create is given the provider's configuration (arguments of `new okta.Provider(…)`) at each use, once it is there
 */
export function serveStandIn(create: (configuration: () => Properties) => StandIn): void {
  let configuration: Properties | undefined
  const { types, functions } = create(() => {
    if (!configuration) throw new Error('the provider is not configured yet')
    return configuration
  })
  serve((version) => ({
    ...createService(mapValues(types, ready), mapValues(functions, ready), version),
    configure: (({ request }, respond) => {
      configuration = openStruct(request.getArgs()).values
      respond(null, new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true))
    }) satisfies handleUnaryCall<proto.ConfigureRequest, proto.ConfigureResponse>,
  }))
}

/**
 * Serves whatever answers the engine in a plugin's place.
 * @param create is given the version that the SDK of the plugin asks for
 */
export function serve(create: (version: string) => UntypedServiceImplementation): void {
  const name = basename(dirname(process.argv[1] ?? ''))
  const sdk = createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as { version: string }
  const parent = process.ppid
  const server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 })
  server.addService(providerGrpc.ResourceProviderService, create(`${sdk.version}+stand-in`))
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error
    process.stdout.write(`${port}\n`)
    // As in our own provider: the engine ends us without a chance to do it at the end.
    flushCompileCache()
  })
  onEngineGone(parent, () => process.exit(0))
}

function ready<Thing>(thing: Thing): () => Promise<Thing> {
  return () => Promise.resolve(thing)
}
