/** What pods are connected by. */
export { openOnLoopback } from './loopback.ts'
export { createNetwork, type Network, type PodNetwork } from './network.ts'
export { relay } from './relay.ts'
