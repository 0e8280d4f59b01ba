import * as pulumi from '@pulumi/pulumi'
import type { types } from '@pulumi/kubernetes'

import { mapValues } from '../../map-values.ts'
import { metadata, NAME, type Owner } from './names.ts'

/** @param suffix another one for each revision (`revisionOf`) */
export function secretName(suffix: string): string {
  return `${NAME}-secrets-${suffix}`
}

/**
 * The gateway's secrets, a key for each file. Never changed: other credentials are another Secret, and the old one goes when
 * no pod has it any more.
 * @param secrets by file name
 */
export function secretManifest(
  owner: Owner,
  suffix: pulumi.Input<string>,
  secrets: Record<string, pulumi.Input<string>>,
): types.input.core.v1.Secret {
  return {
    metadata: metadata(owner, pulumi.output(suffix).apply(secretName)),
    type: 'Opaque',
    immutable: true,
    data: mapValues(secrets, (value) => pulumi.secret(value).apply((text) => Buffer.from(text).toString('base64'))),
  }
}
