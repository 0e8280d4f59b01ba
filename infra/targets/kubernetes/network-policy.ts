import type * as pulumi from '@pulumi/pulumi'
import type { types } from '@pulumi/kubernetes'

import { type IngressSettings, type KubernetesSettings, POD_PORTS } from '../../config/index.ts'
import { type Destination, placesOf } from './destinations.ts'
import { metadata, NAME, type Owner, selectorLabels } from './names.ts'

type Peer = types.input.networking.v1.NetworkPolicyPeer
type IngressRule = types.input.networking.v1.NetworkPolicyIngressRule
export type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule

const HTTPS = 443
const DNS = 53

/** Where addresses of a machine are that only it should reach, above all the cloud's metadata service. */
const ANYWHERE: readonly Peer[] = [
  { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } },
  { ipBlock: { cidr: '::/0', except: ['fd00:ec2::254/128', 'fe80::/10'] } },
]

/** The cluster's DNS, and where nodes keep a cache of it at the address that is usual. */
const RESOLVERS: readonly Peer[] = [inNamespace('kube-system'), { ipBlock: { cidr: '169.254.20.10/32' } }]

/**
 * Who may reach the gateway, and what it may reach: everything that the stack file names, and nothing else.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkPolicyManifest(
  owner: Owner,
  { ingress, metrics }: Pick<KubernetesSettings, 'ingress' | 'metrics'>,
  egress: pulumi.Input<EgressRule[]>,
): types.input.networking.v1.NetworkPolicy {
  return {
    metadata: metadata(owner, NAME),
    spec: {
      podSelector: { matchLabels: selectorLabels(owner) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        comesFrom(proxyNamespace(ingress), POD_PORTS.listen),
        ...(metrics ? [comesFrom(metrics.namespace, POD_PORTS.admin)] : []),
      ],
      egress,
    },
  }
}

/** Where the pods run that pass people's requests on. */
export function proxyNamespace(ingress: IngressSettings): string {
  return ingress.kind === 'ingress' ? ingress.namespace : (ingress.proxyNamespace ?? ingress.namespace)
}

function comesFrom(namespace: string, port: number): IngressRule {
  return { from: [inNamespace(namespace)], ports: [{ port, protocol: 'TCP' }] }
}

/**
 * What the gateway may reach. In the cluster by namespace and at any port, since a policy sees the ports of pods, and a URL
 * has that of a Service. Elsewhere by port: a policy knows no names.
 * @param proxies namespace of the ingress: an identity provider behind the same one is reached there, and not at its public address
 */
export function egressRules(destinations: readonly Destination[], proxies: string): EgressRule[] {
  const placed = destinations.flatMap(({ host, port }) => placesOf(host).map((place) => ({ place, port })))
  const namespaces = new Set([proxies])
  const outside = new Set([HTTPS])
  const addresses = new Map<string, Set<number>>()
  for (const { place, port } of placed) {
    if (place.kind === 'namespace') namespaces.add(place.name)
    if (place.kind === 'outside') outside.add(port)
    if (place.kind === 'address') addresses.set(place.cidr, (addresses.get(place.cidr) ?? new Set()).add(port))
  }
  const own = placed.some(({ place }) => place.kind === 'own') ? [{ podSelector: {} }] : []
  return [
    { to: [...RESOLVERS], ports: (['UDP', 'TCP'] as const).map((protocol) => ({ port: DNS, protocol })) },
    { to: [...[...namespaces].toSorted().map(inNamespace), ...own] },
    ...[...addresses]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([cidr, ports]) => ({ to: [{ ipBlock: { cidr } }], ports: tcp(ports) })),
    { to: [...ANYWHERE], ports: tcp(outside) },
  ]
}

function tcp(ports: ReadonlySet<number>) {
  return [...ports].toSorted((a, b) => a - b).map((port) => ({ port, protocol: 'TCP' }))
}

function inNamespace(name: string): Peer {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } }
}
