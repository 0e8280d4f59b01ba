import type { types } from '@pulumi/kubernetes'

import type { KubernetesSettings } from '../../config/index.ts'
import { metadata, type Owner, SKIP_AWAIT, VOLUME_CLAIM } from './names.ts'

/** For the file that sessions are kept in. The Deployment waits for it: many classes make a volume for a pod that asks, and not before. */
export function volumeClaimManifest(
  owner: Owner,
  { size, storageClass }: NonNullable<KubernetesSettings['volume']>,
): types.input.core.v1.PersistentVolumeClaim {
  return {
    metadata: metadata(owner, VOLUME_CLAIM, SKIP_AWAIT),
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  }
}
