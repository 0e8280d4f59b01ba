import type { types } from '@pulumi/kubernetes'

import { metadata, NAME, type Owner, selectorLabels } from './names.ts'

/**
 * One pod at a time may be taken away for a node's sake. A pod that is not ready may always go: nobody is served by it, and it
 * would hold the node up.
 */
export function disruptionBudgetManifest(owner: Owner): types.input.policy.v1.PodDisruptionBudget {
  return {
    metadata: metadata(owner, NAME),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorLabels(owner) },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  }
}
