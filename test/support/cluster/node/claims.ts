import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { follow, isConflict, type KubeObject, type Manifest, type openApi } from '../api/index.ts'

const CLASS = 'standard'
const LABEL = 'gatewright.dev/test-cluster'

/** The folders behind claims. */
export interface Claims {
  /** The folder of a claim; undefined while it is not bound. */
  folderOf: (namespace: string, name: string) => string | undefined
}

/**
 * Gives each claim of the default storage class a volume: what a provisioner does, which a cluster has as a driver of its
 * own. The binding is the real controller's. Volumes go with their claims.
 * @param folder for the volumes
 */
export function keepClaims(api: ReturnType<typeof openApi>, folder: string): Claims {
  const seen = new Set<string>()
  const claims = follow(api.connection, '/api/v1/persistentvolumeclaims', (claim, gone) => {
    const { uid = '' } = claim.metadata
    const { storageClassName, volumeName } = claim['spec'] as ClaimSpec
    if (gone || seen.has(uid) || storageClassName !== CLASS || volumeName !== undefined) return
    seen.add(uid)
    const place = join(folder, uid)
    mkdirSync(place, { recursive: true })
    api.create('/api/v1/persistentvolumes', volumeFor(claim, place)).catch(existing)
  })
  follow(api.connection, `/api/v1/persistentvolumes?labelSelector=${LABEL}`, (volume, gone) => {
    const { claimRef } = volume['spec'] as { claimRef: { uid: string } }
    if (gone) rmSync(join(folder, claimRef.uid), { recursive: true, force: true })
    else if ((volume['status'] as { phase?: string }).phase === 'Released') {
      api.delete(`/api/v1/persistentvolumes/${volume.metadata.name}`).catch(existing)
    }
  })
  return {
    folderOf(namespace, name) {
      const claim = claims.get(namespace, name)
      const { phase } = (claim?.['status'] ?? {}) as { phase?: string }
      return phase === 'Bound' ? join(folder, claim?.metadata.uid ?? '') : undefined
    },
  }
}

/** The storage class that claims have which name none. */
export const standardClass: Manifest = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: CLASS, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'Immediate',
  reclaimPolicy: 'Retain',
}

interface ClaimSpec {
  storageClassName?: string
  volumeName?: string
  accessModes: string[]
  resources: { requests: { storage: string } }
}

function volumeFor({ metadata, spec }: KubeObject, path: string): object {
  const { accessModes, resources } = spec as ClaimSpec
  const { name, namespace, uid } = metadata
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${uid}`, labels: { [LABEL]: 'volume' } },
    spec: {
      accessModes,
      capacity: { storage: resources.requests.storage },
      storageClassName: CLASS,
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
    },
  }
}

function existing(error: unknown): void {
  if (!isConflict(error)) throw error
}
