import type { types } from '@pulumi/kubernetes'

import type { IngressControllerSettings } from '../../config/index.ts'
import { type Entrance, hostName } from './entrances.ts'
import { metadata, NAME, type Owner, PORT_NAMES, SKIP_AWAIT } from './names.ts'

/**
 * One Ingress for all hosts, since some controllers take a load balancer and its price for each.
 * @see https://cert-manager.io/docs/usage/ingress/
 */
export function ingressManifest(
  owner: Owner,
  entrances: readonly Entrance[],
  { class: className, annotations, tls }: IngressControllerSettings,
): types.input.networking.v1.Ingress {
  const backend = { service: { name: NAME, port: { name: PORT_NAMES.listen } } }
  const issuer: Record<string, string> =
    tls.clusterIssuer === undefined ? {} : { 'cert-manager.io/cluster-issuer': tls.clusterIssuer }
  // Who has the rest of a host has its certificate.
  const hosts = entrances.filter(({ path }) => path === '/').map(({ host }) => host)
  return {
    metadata: metadata(owner, NAME, { ...annotations, ...issuer, ...SKIP_AWAIT }),
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      rules: entrances.map(({ host, path }) => ({ host, http: { paths: [{ path, pathType: 'Prefix', backend }] } })),
      tls:
        tls.secret === undefined
          ? hosts.map((host) => ({ hosts: [host], secretName: `${NAME}-tls-${hostName(host)}` }))
          : [{ hosts, secretName: tls.secret }],
    },
  }
}
