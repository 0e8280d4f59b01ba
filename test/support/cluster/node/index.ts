/** What stands in the place of a cluster's nodes. */
export { type Agent, startAgent } from './agent.ts'
export { standardClass } from './claims.ts'
