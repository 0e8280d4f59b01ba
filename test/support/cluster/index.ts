/** A Kubernetes cluster for a test: a real control plane, and nodes whose pods are processes of this machine. */
export { ApiError, isConflict, isNotFound, type KubeObject, type Manifest } from './api/index.ts'
export { type Cluster, type ClusterOptions, type Pod, startCluster } from './cluster.ts'
export type { Image, Outside } from './machine/calls.ts'
