import * as pulumi from '@pulumi/pulumi'
import type { types } from '@pulumi/kubernetes'

import { KubernetesTargetError, MAX_CONFIG_MAP } from './errors.ts'
import { metadata, NAME, type Owner } from './names.ts'
import type { Files } from './release.ts'

/** Beside the configuration's files, what they are called together. */
export const GENERATION_FILE = 'generation'

/** @param suffix another one for each revision (`revisionOf`) */
export function configName(suffix: string): string {
  return `${NAME}-config-${suffix}`
}

/**
 * The configuration. It is changed in place, and running pods take it up by themselves; for other credentials or another program
 * it is another one, so that no old pod is told of what it cannot have.
 * @throws KubernetesTargetError `config_too_large`, in the output
 */
export function configManifest(
  owner: Owner,
  suffix: pulumi.Input<string>,
  files: Files,
  generation: pulumi.Input<string>,
): types.input.core.v1.ConfigMap {
  return {
    metadata: metadata(owner, pulumi.output(suffix).apply(configName)),
    data: { ...fitting(files), [GENERATION_FILE]: generation },
  }
}

/** Each file waits for its own content alone, so that one which is not known yet hides no other. */
function fitting(files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, content.apply((text) => requireFitting(name, text))]),
  )
}

/** @throws KubernetesTargetError `config_too_large` */
export function requireFitting(name: string, text: string): string {
  const size = Buffer.byteLength(text)
  if (size < MAX_CONFIG_MAP) return text
  throw new KubernetesTargetError(
    'config_too_large',
    `${name} has ${size} bytes, and a ConfigMap takes ${MAX_CONFIG_MAP}: make logos smaller, or give some routes a stack of their own`,
  )
}
