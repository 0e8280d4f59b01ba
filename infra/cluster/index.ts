export { clusterOf, type Cluster } from './cluster.ts'
