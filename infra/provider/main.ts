import { createRequire, flushCompileCache } from 'node:module'

import { Server, ServerCredentials } from '@grpc/grpc-js'
import providerGrpc from '@pulumi/pulumi/proto/provider_grpc_pb.js'

import { onEngineGone } from './engine-watch.ts'
import { functions, resourceTypes } from './resource-types.ts'
import { createService } from './service.ts'

/** One message may hold the state of a resource, with a whole runtime config in it. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024

const parent = process.ppid
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES })
server.addService(providerGrpc.ResourceProviderService, createService(resourceTypes, functions, version))
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`)
  // Now, because the engine ends us without a chance to do it at the end: the next start is then twice as fast.
  flushCompileCache()
})

onEngineGone(parent, () => process.exit(0))
