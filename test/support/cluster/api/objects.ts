/** What every object of Kubernetes has. The rest is as the API server stored it. */
export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: Metadata
  [field: string]: unknown
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export interface Metadata {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  ownerReferences?: { kind: string; name: string; uid: string }[]
  finalizers?: string[]
}

/** What somebody hands in: the name may be all of its metadata. */
export type Manifest = KubeObject & { apiVersion: string; kind: string }
