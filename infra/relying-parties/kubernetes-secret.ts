import type * as kubernetes from '@pulumi/kubernetes'
import * as pulumi from '@pulumi/pulumi'

import type { Cluster } from '../cluster/index.ts'
import type { KubernetesSecretSettings } from '../config/index.ts'
import { mapValues } from '../map-values.ts'

/** A Secret's values by key, and what else its reader looks for. */
export interface SecretContent {
  values: pulumi.Output<Record<string, string>>
  labels?: Readonly<Record<string, string>>
}

/** By this, people in the cluster see whose it is; what is changed by hand, the next deployment puts back. */
const LABELS = { 'app.kubernetes.io/managed-by': 'gatewright' } as const

/**
 * A Secret for software of somebody else. It is changed in place: its name stands in that software's own configuration.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#opaque-secrets
 */
export function secretInputs(
  { namespace, name }: KubernetesSecretSettings,
  { values, labels = {} }: SecretContent,
): kubernetes.core.v1.SecretArgs {
  return {
    metadata: { namespace, name, labels: { ...LABELS, ...labels } },
    type: 'Opaque',
    data: pulumi.secret(values.apply((all) => mapValues(all, base64))),
  }
}

/** @param id of the relying party in the stack file */
export function makeSecret(
  id: string,
  { sdk, provider }: Cluster,
  settings: KubernetesSecretSettings,
  content: SecretContent,
  parent: pulumi.Resource,
): kubernetes.core.v1.Secret {
  return new sdk.core.v1.Secret(id, secretInputs(settings, content), { parent, provider })
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
