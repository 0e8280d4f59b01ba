import { createRequire } from 'node:module'

import type * as kubernetes from '@pulumi/kubernetes'
import type * as pulumi from '@pulumi/pulumi'

import type { StackConfig } from '../config/index.ts'

/** A Kubernetes cluster as the stack reaches it. */
export interface Cluster {
  sdk: typeof kubernetes
  /** For the `provider` option of everything that is made there. */
  provider: kubernetes.Provider
}

const clusters = new WeakMap<pulumi.Resource, Cluster>()

/**
 * The stack's cluster: one explicit provider, made at the first call for a parent, so that no resource can come by another
 * one. Objects are applied by the server, which keeps what other controllers have written (an autoscaler's `replicas`).
 * What somebody changed there by hand is put back, instead of a refusal because the field is theirs now. ConfigMaps and Secrets
 * that are not immutable are changed in place: the plugin's default is to delete and make them again.
 * @param settings `gatewright:cluster`; without it, what kubectl would use
 * @param parent of the provider, the Gateway
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/
 */
export function clusterOf(settings: StackConfig['cluster'], parent: pulumi.Resource): Cluster {
  const known = clusters.get(parent)
  if (known) return known
  const sdk = loadSdk()
  const { context, kubeconfig } = settings ?? {}
  const inputs = {
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    enableServerSideApply: true,
    enablePatchForce: true,
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  }
  const made = { sdk, provider: new sdk.Provider('cluster', inputs, { parent }) }
  clusters.set(parent, made)
  return made
}

/** Loaded when it is needed: it takes a tenth of a second, in every preview of every stack. */
function loadSdk(): typeof kubernetes {
  return createRequire(import.meta.url)('@pulumi/kubernetes') as typeof kubernetes
}
