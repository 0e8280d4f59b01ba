import * as pulumi from '@pulumi/pulumi'

/** What cannot be put into a cluster. */
export type KubernetesTargetErrorCode = 'bundle_too_large' | 'config_too_large'

/** Ends the preview with what to do, and without a stack trace. */
export class KubernetesTargetError extends pulumi.RunError {
  readonly code: KubernetesTargetErrorCode

  constructor(code: KubernetesTargetErrorCode, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** All values of a ConfigMap together, in bytes. @see https://kubernetes.io/docs/concepts/configuration/configmap/ */
export const MAX_CONFIG_MAP = 1_048_576
