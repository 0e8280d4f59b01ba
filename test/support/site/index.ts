/** What stands around a gateway in a cluster: the edge in front, apps behind, people and their requests. */
export { startApps, type Apps } from './apps.ts'
export { type Edge, startEdge } from './edge.ts'
export { type SignIn, signInBy } from './people.ts'
export { startTraffic, type Traffic, type TrafficOptions } from './traffic.ts'
export { IMAGE, startSurroundings, type Surroundings, type SurroundingsOptions } from './cluster.ts'
export { hostInTest, PRODUCTION_APPS, productionStackFile, type ProductionVendors } from './production.ts'
export { APP, endedWell, NAMESPACE, type SmallSite, startSmallSite } from './small-site.ts'
