import proto from '@pulumi/pulumi/proto/provider_pb.js'

import type { Properties } from '../../../../infra/provider/properties.ts'
import { formatPath, type PropertyChange } from '../../../../infra/provider/property-diff.ts'
import { isAnnotated, textAt } from './manifest.ts'

const { Kind } = proto.PropertyDiff
const KINDS = { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE }
const REPLACING_KINDS = { add: Kind.ADD_REPLACE, delete: Kind.DELETE_REPLACE, update: Kind.UPDATE_REPLACE }

/**
 * Says what changes, field by field; an added or changed field is shown against what is live.
 * @param deleteFirst the new object cannot stand beside the old one
 */
export function diffResponse(changes: readonly PropertyChange[], deleteFirst: boolean): proto.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges
  const response = new proto.DiffResponse()
    .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setReplacesList(changes.filter(({ replaces }) => replaces).map(({ path }) => formatPath(path)))
    .setDeletebeforereplace(deleteFirst)
    .setHasdetaileddiff(true)
  for (const { path, kind, replaces } of changes) {
    const line = new proto.PropertyDiff()
      .setKind((replaces ? REPLACING_KINDS : KINDS)[kind])
      .setInputdiff(kind === 'delete')
    response.getDetaileddiffMap().set(formatPath(path), line)
  }
  return response
}

/** An object whose name the program chose, and which keeps it, has to go before its successor comes. */
export function needsDeletionFirst(changes: readonly PropertyChange[], live: Properties, inputs: Properties): boolean {
  const same = (field: string): boolean => textAt(inputs, 'metadata', field) === textAt(live, 'metadata', field)
  return (
    changes.some(({ replaces }) => replaces) && !isAnnotated(inputs, 'autonamed') && same('name') && same('namespace')
  )
}
