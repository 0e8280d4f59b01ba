import { Metadata, status, type ServerErrorResponse } from '@grpc/grpc-js'
import proto from '@pulumi/pulumi/proto/provider_pb.js'
import statusProto from '@pulumi/pulumi/proto/status_pb.js'
import anyProto from 'google-protobuf/google/protobuf/any_pb.js'

import { describeError, InitializationFailure } from './errors.ts'
import { closeStruct } from './messages.ts'
import type { PropertyPath } from './properties.ts'

/**
 * Turns what a verb threw into a gRPC status. A failure after something was made carries the state along, in the
 * `grpc-status-details-bin` trailer as the engine's Go client expects it.
 * @param secrets paths of the inputs that were secret
 */
export function toStatus(error: unknown, secrets: readonly PropertyPath[]): Partial<ServerErrorResponse> {
  const details = describeError(error)
  if (!(error instanceof InitializationFailure)) return { code: status.UNKNOWN, details }

  const failed = new proto.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(closeStruct(error.outputs, secrets))
    .setReasonsList([details])
  const packed = new anyProto.Any()
  packed.pack(failed.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed')
  const rich = new statusProto.Status().setCode(status.UNKNOWN).setMessage(details).setDetailsList([packed])
  const metadata = new Metadata()
  metadata.set('grpc-status-details-bin', Buffer.from(rich.serializeBinary()))
  return { code: status.UNKNOWN, details, metadata }
}
