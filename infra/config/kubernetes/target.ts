import * as z from 'zod'

import { databaseUrl } from '../fields.ts'
import { ingress } from './ingress.ts'
import { imageName, label, labelValue, qualifiedName, subdomain } from './names.ts'
import { quantity, resources } from './resources.ts'

/** A stock Node of the version that the project runs with. */
export const DEFAULT_IMAGE = 'docker.io/library/node:26.10.0-slim'

const count = z.int().min(1).max(1_000)

/** As many as the load wants, by CPU. */
const autoscaled = z
  .strictObject({
    min: count.default(2),
    max: count,
    /** Of the requested CPU, on average over all replicas; above it there will be more of them. */
    cpuPercent: z.int().min(1).max(1_000).default(70),
  })
  .refine(({ min, max }) => min <= max, 'min is more than max')

/** The gateway as pods of a Kubernetes cluster. */
export const kubernetesTarget = z.strictObject({
  kind: z.literal('kubernetes'),
  /** Made by the stack, and gone with it. */
  namespace: label.default('gatewright'),
  /** A number, or bounds between which an autoscaler chooses; 2 where it is left out, 1 with a volume. */
  replicas: z.union([count, autoscaled]).optional(),
  /** A Postgres database that keeps the sessions. */
  database: z.strictObject({ url: databaseUrl }).optional(),
  /** Or a volume for a file of the gateway's own, for a single replica. */
  volume: z.strictObject({ size: quantity, storageClass: subdomain.optional() }).optional(),
  image: imageName.default(DEFAULT_IMAGE),
  /** Where the program is: in a ConfigMap beside the stock Node, or in the image itself (docs/kubernetes.md). */
  bundle: z.enum(['configMap', 'image']).default('configMap'),
  /** A Secret of the namespace with credentials for the image's registry. */
  pullSecret: subdomain.optional(),
  resources: resources.prefault({}),
  ingress,
  /** Who reads what is counted; nobody where it is left out. */
  metrics: z
    .strictObject({
      /** Where the pods that read metrics run: only they reach them. */
      namespace: label,
      /** For the Prometheus operator, with the labels that it picks monitors by. */
      serviceMonitor: z
        .union([z.boolean(), z.strictObject({ labels: z.record(qualifiedName, labelValue) })])
        .default(false),
    })
    .optional(),
})

export type KubernetesSettings = z.output<typeof kubernetesTarget>

/** How many replicas there are at least and, where an autoscaler chooses, at most. */
export interface Scale {
  min: number
  /** Nothing without an autoscaler. */
  autoscaler?: { max: number; cpuPercent: number }
}

/** How many replicas, with what is left out. */
export function scaleOf({ replicas, volume }: Pick<KubernetesSettings, 'replicas' | 'volume'>): Scale {
  if (replicas === undefined) return { min: volume ? 1 : 2 }
  if (typeof replicas === 'number') return { min: replicas }
  const { min, max, cpuPercent } = replicas
  return { min, autoscaler: { max, cpuPercent } }
}
