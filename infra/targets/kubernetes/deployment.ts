import type { types } from '@pulumi/kubernetes'

import { type KubernetesSettings, scaleOf } from '../../config/index.ts'
import { labels, metadata, NAME, selectorLabels } from './names.ts'
import { type PodParts, podSpec } from './pod.ts'

/** What of an older revision is kept: its credentials are gone, so that going back is a deployment of the older stack file. */
const REVISIONS = 2

/** How long an update is waited for: a minute for each replica, and so many minutes at least. */
const ROLLOUT_MINUTES = 10

/**
 * How long the engine waits for all pods to be new; after that the deployment has failed, and the old ones serve on.
 * @returns as the engine's `customTimeouts` have it
 */
export function rolloutTimeout(settings: KubernetesSettings): string {
  const { min, autoscaler } = scaleOf(settings)
  return `${Math.max(ROLLOUT_MINUTES, autoscaler?.max ?? min)}m`
}

/**
 * The gateway's pods. One more at a time during an update, and never one less. A volume is one node's: there the old pod is told
 * to end first, and the new one waits for the volume where it comes to another node. (`Recreate` would do the same, but the
 * official plugin takes an update by it for done before it has begun.)
 */
export function deploymentManifest(parts: PodParts): types.input.apps.v1.Deployment {
  const { owner, settings } = parts
  const { min, autoscaler } = scaleOf(settings)
  return {
    metadata: metadata(owner, NAME),
    spec: {
      // An autoscaler's number is not ours to say.
      ...(autoscaler ? {} : { replicas: min }),
      revisionHistoryLimit: REVISIONS,
      selector: { matchLabels: selectorLabels(owner) },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: settings.volume ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
      },
      template: {
        metadata: { labels: labels(owner), annotations: metadata(owner, NAME).annotations },
        spec: podSpec(parts),
      },
    },
  }
}
