import proto from '@pulumi/pulumi/proto/provider_pb.js'
import structProto from 'google-protobuf/google/protobuf/struct_pb.js'

import { putSecretMarks, takeSecretMarks, type Properties, type PropertyPath } from './properties.ts'
import { formatPath, type PropertyChange } from './property-diff.ts'
import type { CheckFailure } from './resource-type.ts'

/** Properties of one message, and which of them are secret. */
export interface Received {
  values: Properties
  secrets: PropertyPath[]
}

/** Opens the properties of a message; an absent struct counts as empty. */
export function openStruct(struct: structProto.Struct | undefined): Received {
  return takeSecretMarks(struct?.toJavaScript() ?? {})
}

/**
 * Closes properties for a message.
 * @param secrets paths that are to be marked as secret; `*` matches any key
 */
export function closeStruct(values: Properties, secrets: readonly PropertyPath[]): structProto.Struct {
  return structProto.Struct.fromJavaScript(putSecretMarks(values, secrets))
}

export function checkResponse(
  inputs: Properties,
  secrets: readonly PropertyPath[],
  failures: readonly CheckFailure[],
): proto.CheckResponse {
  return new proto.CheckResponse()
    .setInputs(closeStruct(inputs, secrets))
    .setFailuresList(
      failures.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason)),
    )
}

/**
 * Says what changes, property by property.
 * @param stableOutputs outputs that an update in place leaves as they are
 */
export function diffResponse(changes: readonly PropertyChange[], stableOutputs: readonly string[]): proto.DiffResponse {
  const replacing = changes.filter((change) => change.replaces)
  const response = new proto.DiffResponse()
    .setChanges(
      changes.length === 0 ? proto.DiffResponse.DiffChanges.DIFF_NONE : proto.DiffResponse.DiffChanges.DIFF_SOME,
    )
    .setDiffsList(topLevel(changes))
    .setReplacesList(topLevel(replacing))
    .setStablesList(replacing.length === 0 ? [...stableOutputs] : [])
    .setHasdetaileddiff(true)
  for (const change of changes) {
    const line = new proto.PropertyDiff()
      .setKind((change.replaces ? replacingKinds : kinds)[change.kind])
      .setInputdiff(true)
    response.getDetaileddiffMap().set(formatPath(change.path), line)
  }
  return response
}

const { Kind } = proto.PropertyDiff
const kinds = { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE }
const replacingKinds = { add: Kind.ADD_REPLACE, delete: Kind.DELETE_REPLACE, update: Kind.UPDATE_REPLACE }

function topLevel(changes: readonly PropertyChange[]): string[] {
  return [...new Set(changes.map((change) => String(change.path[0])))]
}
