/** What stands in the place of kube-proxy. */
export { type ServiceRelays, serviceRelays } from './relays.ts'
