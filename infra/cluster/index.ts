export { clusterOf, type Cluster } from './cluster.ts'
export { type ClusterIdentity, digestOf, identifyCluster } from './identity.ts'
