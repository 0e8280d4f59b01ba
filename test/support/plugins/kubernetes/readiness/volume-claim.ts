import { textAt } from '../manifest.ts'
import { type Look, READY, type Verdict } from './wait.ts'

/** A claim is ready when it is bound; a new one of a class that waits for its first pod, when it is pending. */
export async function judgeVolumeClaim({ api, object, former, signal }: Look): Promise<Verdict> {
  const live = await api.get(object, signal)
  if (live === 'missing') return { ready: false, lacks: ['it is gone'] }
  const phase = textAt(live, 'status', 'phase')
  if (phase === 'Bound') return READY
  const kind = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' }
  const name = textAt(live, 'spec', 'storageClassName')
  const storageClass = name === '' ? 'missing' : await api.get({ ...kind, metadata: { name } }, signal)
  const waits = storageClass !== 'missing' && storageClass['volumeBindingMode'] === 'WaitForFirstConsumer'
  if (!former && waits && phase === 'Pending') return READY
  return { ready: false, lacks: [`PersistentVolumeClaim is ${phase || 'new'}, and not bound`] }
}
