import * as pulumi from '@pulumi/pulumi'
import type { types } from '@pulumi/kubernetes'

import { mapValues } from '../../map-values.ts'
import { metadata, NAME, type Owner } from './names.ts'

/** @param revision see `revisionOf` */
export function secretName(revision: string): string {
  return `${NAME}-secrets-${revision}`
}

/**
 * The gateway's secrets, a key for each file. Never changed: other credentials are another Secret, and the old one goes when
 * no pod has it any more.
 * @param secrets by file name
 */
export function secretManifest(
  owner: Owner,
  revision: pulumi.Input<string>,
  secrets: Record<string, pulumi.Input<string>>,
): types.input.core.v1.Secret {
  return {
    metadata: metadata(owner, pulumi.output(revision).apply(secretName)),
    type: 'Opaque',
    immutable: true,
    data: mapValues(secrets, (value) => pulumi.secret(value).apply((text) => Buffer.from(text).toString('base64'))),
  }
}
