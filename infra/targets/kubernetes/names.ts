import type * as pulumi from '@pulumi/pulumi'

import type { Scale } from '../../config/index.ts'

/** What the objects are called; those whose content is in their name have a digest behind it. */
export const NAME = 'gatewright'
export const METRICS_SERVICE = `${NAME}-metrics`
export const VOLUME_CLAIM = `${NAME}-data`

/** Of containers and Services. */
export const PORT_NAMES = { listen: 'http', admin: 'admin' } as const
export const SERVICE_PORT = 80

/** The program's folder (docs/architecture.md, "A program and its folder"), and where its code lies. */
export const FOLDER = '/var/lib/gatewright'
export const CODE = '/opt/gatewright'

/** The user `node` of the stock image. */
export const USER_ID = 1_000

/**
 * Who the objects belong to.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export interface Owner {
  namespace: string
  /** Of Pulumi. */
  project: string
  stack: string
}

/** By what pods are found; a Deployment's can never be changed. */
export function selectorLabels({ stack }: Owner): Record<string, string> {
  return { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/instance': stack }
}

/** What stands on every object. */
export function labels(owner: Owner, component = 'gateway'): Record<string, string> {
  return {
    ...selectorLabels(owner),
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/managed-by': 'pulumi',
  }
}

/** For whoever finds an object and wonders where it comes from. */
export function annotations({ project, stack }: Owner): Record<string, string> {
  return { [`${NAME}/stack`]: `${project}/${stack}` }
}

/** Name, namespace, labels and annotations of an object. */
export function metadata<Name extends pulumi.Input<string>>(
  owner: Owner,
  name: Name,
  more: Record<string, string> = {},
) {
  return {
    name,
    namespace: owner.namespace,
    labels: labels(owner),
    annotations: { ...annotations(owner), ...more },
  }
}

/** The plugin is not to wait for it: what it would wait for never comes in some clusters, and the Deployment tells what counts. */
export const SKIP_AWAIT = { 'pulumi.com/skipAwait': 'true' } as const

/** Whether some replica is there while another one is not. */
export function hasSeveral({ min }: Scale): boolean {
  return min > 1
}
