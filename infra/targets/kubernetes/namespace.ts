import type { types } from '@pulumi/kubernetes'

import { annotations, labels, type Owner } from './names.ts'

const STANDARD = 'pod-security.kubernetes.io'

/**
 * The namespace, in which nothing runs that the `restricted` standard does not allow.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function namespaceManifest(owner: Owner): types.input.core.v1.Namespace {
  const levels = Object.fromEntries(['enforce', 'audit', 'warn'].map((mode) => [`${STANDARD}/${mode}`, 'restricted']))
  return {
    metadata: { name: owner.namespace, labels: { ...labels(owner), ...levels }, annotations: annotations(owner) },
  }
}
