import type { types } from '@pulumi/kubernetes'

import { metadata, NAME, type Owner } from './names.ts'

/** Chooses the number of replicas by their CPU. @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ */
export function autoscalerManifest(
  owner: Owner,
  { min, max, cpuPercent }: { min: number; max: number; cpuPercent: number },
): types.input.autoscaling.v2.HorizontalPodAutoscaler {
  return {
    metadata: metadata(owner, NAME),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME },
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuPercent } },
        },
      ],
    },
  }
}
