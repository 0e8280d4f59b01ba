import type { GatewayApiSettings } from '../../config/index.ts'
import { type Entrance, hostName } from './entrances.ts'
import { metadata, NAME, type Owner, SERVICE_PORT } from './names.ts'

/**
 * Leads a host here. Each has a route of its own: one may have sixteen hosts at most, and a preview reads better.
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute
 */
export function httpRouteManifest(
  owner: Owner,
  { host, path }: Entrance,
  { name, namespace, section }: GatewayApiSettings,
) {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: metadata(owner, `${NAME}-${hostName(host)}`),
    spec: {
      parentRefs: [{ name, namespace, ...(section === undefined ? {} : { sectionName: section }) }],
      hostnames: [host],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: path } }],
          backendRefs: [{ name: NAME, port: SERVICE_PORT }],
        },
      ],
    },
  }
}
