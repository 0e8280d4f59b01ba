import * as z from 'zod'

import { label, qualifiedName, subdomain } from './names.ts'

/** Certificates that cert-manager gets, one for each host; or one Secret of type kubernetes.io/tls that somebody keeps. */
const tls = z
  .strictObject({ clusterIssuer: subdomain.optional(), secret: subdomain.optional() })
  .refine(
    ({ clusterIssuer, secret }) => (clusterIssuer === undefined) !== (secret === undefined),
    'say one of clusterIssuer and secret',
  )

/** One Ingress with every host. @see https://kubernetes.io/docs/concepts/services-networking/ingress/ */
const ingressController = z.strictObject({
  kind: z.literal('ingress'),
  /** IngressClass; the cluster's default one where it is left out. */
  class: subdomain.optional(),
  /** Where the controller's pods run: only they reach the gateway. */
  namespace: label,
  annotations: z.record(qualifiedName, z.string()).default({}),
  tls,
})

/** An HTTPRoute for each host, at a Gateway that somebody else keeps. @see https://gateway-api.sigs.k8s.io/ */
const gatewayApi = z.strictObject({
  kind: z.literal('gateway'),
  /** The Gateway and its namespace. Its listeners speak TLS and have the certificates. */
  name: subdomain,
  namespace: label,
  /** Name of one of its listeners; any that has the host where it is left out. */
  section: subdomain.optional(),
  /** Where the pods that carry its traffic run, when that is another namespace: only they reach the gateway. */
  proxyNamespace: label.optional(),
})

/** How people reach the gateway. */
export const ingress = z.discriminatedUnion('kind', [ingressController, gatewayApi])

export type IngressSettings = z.output<typeof ingress>
export type IngressControllerSettings = z.output<typeof ingressController>
export type GatewayApiSettings = z.output<typeof gatewayApi>
