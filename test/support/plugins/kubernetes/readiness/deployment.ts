import type { Properties } from '../../../../../infra/provider/properties.ts'
import { countAt, mapAt, mapsAt, textAt } from '../manifest.ts'
import { type Look, READY, type Verdict } from './wait.ts'

const REVISION = 'deployment.kubernetes.io/revision'

/**
 * A rollout is over when the controller has seen the change, the Deployment is available and not stuck, the ReplicaSet of its
 * revision has all its pods ready, and the volumes that it names are bound. Pods of the former one may still be ending.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export async function judgeDeployment({ api, object, signal }: Look): Promise<Verdict> {
  const live = await api.get(object, signal)
  if (live === 'missing') return { ready: false, lacks: ['it is gone'] }
  const lacks: string[] = []
  if (countAt(live, 'status', 'observedGeneration') < countAt(live, 'metadata', 'generation')) {
    return { ready: false, lacks: ['no controller has looked at it'] }
  }
  const conditions = Object.fromEntries(
    mapsAt(live, 'status', 'conditions').map((condition) => [textAt(condition, 'type'), condition]),
  )
  const revision = textAt(live, 'metadata', 'annotations', REVISION)
  const isFirst = revision === '1'
  for (const type of ['Progressing', 'Available']) {
    const { [type]: condition = {} } = conditions
    if (condition['status'] === 'False') lacks.push(`[${textAt(condition, 'reason')}] ${textAt(condition, 'message')}`)
  }
  if (conditions['Available']?.['status'] !== 'True') lacks.push('Minimum number of live Pods was not attained')
  if (!isFirst && conditions['Progressing']?.['reason'] !== 'NewReplicaSetAvailable') {
    lacks.push('Minimum number of Pods to consider the application live was not attained')
  }
  const namespace = `/namespaces/${textAt(live, 'metadata', 'namespace')}`
  const sets = await api.list(`/apis/apps/v1${namespace}/replicasets`, {}, signal)
  const own = sets.find((set) => isOwned(set, live) && textAt(set, 'metadata', 'annotations', REVISION) === revision)
  const wanted = own ? countAt(own, 'spec', 'replicas') : 1
  if (!own || countAt(own, 'status', 'readyReplicas') < wanted) {
    lacks.push(
      `${own ? countAt(own, 'status', 'readyReplicas') : 0} of ${wanted} Pods of revision ${revision} are ready`,
    )
  }
  lacks.push(...unboundClaims(live, await api.list(`/api/v1${namespace}/persistentvolumeclaims`, {}, signal)))
  if (lacks.length === 0) return READY
  const pods = await api.list(`/api/v1${namespace}/pods`, {}, signal)
  return { ready: false, lacks: [...lacks, ...pods.filter((pod) => own && isOwned(pod, own)).flatMap(podReasons)] }
}

function isOwned(object: Properties, owner: Properties): boolean {
  return mapsAt(object, 'metadata', 'ownerReferences').some(({ uid }) => uid === textAt(owner, 'metadata', 'uid'))
}

function unboundClaims(deployment: Properties, claims: Properties[]): string[] {
  const volumes = mapsAt(deployment, 'spec', 'template', 'spec', 'volumes')
  const names = volumes.map((volume) => textAt(mapAt(volume, 'persistentVolumeClaim'), 'claimName'))
  return claims
    .filter(
      (claim) => names.includes(textAt(claim, 'metadata', 'name')) && textAt(claim, 'status', 'phase') !== 'Bound',
    )
    .map((claim) => `Failed to bind PersistentVolumeClaim ${textAt(claim, 'metadata', 'name')}`)
}

/** Why a pod is not ready, as the scheduler and the node say it. */
function podReasons(pod: Properties): string[] {
  const name = `[Pod ${textAt(pod, 'metadata', 'name')}]`
  const conditions = mapsAt(pod, 'status', 'conditions').filter(({ status, message }) => status !== 'True' && message)
  const containers = mapsAt(pod, 'status', 'containerStatuses').flatMap((container) =>
    ['waiting', 'terminated'].flatMap((state) => {
      const reason = textAt(container, 'state', state, 'reason')
      const message = textAt(container, 'state', state, 'message')
      return reason === '' ? [] : [`${name} container ${textAt(container, 'name')}: ${reason} ${message}`.trim()]
    }),
  )
  return [...conditions.map((condition) => `${name} ${textAt(condition, 'message')}`), ...containers]
}
