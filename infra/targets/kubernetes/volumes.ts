import type * as pulumi from '@pulumi/pulumi'
import type { types } from '@pulumi/kubernetes'

import { GENERATION_FILE } from './config-map.ts'
import { CODE, FOLDER, VOLUME_CLAIM } from './names.ts'
import { LATE_FILES } from './release.ts'

/** What a pod's volumes are made from. */
export interface VolumeSources {
  /** Names of the ConfigMap and the Secret of a revision. */
  config: pulumi.Input<string>
  secrets: pulumi.Input<string>
  /** Names of the secrets in it. */
  secretNames: readonly string[]
  /** Name of the ConfigMap with the program; none where the image has it. */
  bundle: pulumi.Input<string> | undefined
  /** Whether the program's own data outlive the pod. */
  keepsData: boolean
}

/** Read by the owner and the pod's group; a bundle and a configuration are as secret as what stands in them. */
const READABLE = 0o440

/** A folder for what a gateway with a database keeps of its own: nothing. */
const EMPTY = { emptyDir: { sizeLimit: '16Mi' } } as const

/**
 * The program's folder: one volume for the whole release, because only what is in one volume changes in one step.
 * @see https://kubernetes.io/docs/concepts/storage/projected-volumes/
 */
export function podVolumes({ config, secrets, secretNames, bundle, keepsData }: VolumeSources): {
  volumes: types.input.core.v1.Volume[]
  mounts: types.input.core.v1.VolumeMount[]
} {
  const release = {
    defaultMode: READABLE,
    sources: [
      {
        configMap: {
          name: config,
          items: [
            ...['config.json', GENERATION_FILE].map((key) => ({ key, path: key })),
            ...LATE_FILES.map((key) => ({ key, path: `config/${key}` })),
          ],
        },
      },
      { secret: { name: secrets, items: secretNames.toSorted().map((key) => ({ key, path: `secrets/${key}` })) } },
    ],
  }
  return {
    volumes: [
      { name: 'release', projected: release },
      { name: 'data', ...(keepsData ? { persistentVolumeClaim: { claimName: VOLUME_CLAIM } } : EMPTY) },
      ...(bundle === undefined ? [] : [{ name: 'program', configMap: { name: bundle, defaultMode: READABLE } }]),
    ],
    mounts: [
      { name: 'release', mountPath: `${FOLDER}/current`, readOnly: true },
      { name: 'data', mountPath: `${FOLDER}/data` },
      ...(bundle === undefined ? [] : [{ name: 'program', mountPath: CODE, readOnly: true }]),
    ],
  }
}
