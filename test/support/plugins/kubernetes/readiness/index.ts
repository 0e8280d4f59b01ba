import { isAnnotated, kindOf } from '../manifest.ts'
import { judgeDeployment } from './deployment.ts'
import { judgeIngress, judgeService } from './networking.ts'
import { judgeVolumeClaim } from './volume-claim.ts'
import { type Look, READY, type Verdict, waitUntil } from './wait.ts'

const JUDGES: Readonly<Record<string, (look: Look) => Promise<Verdict>>> = {
  'apps/v1/Deployment': judgeDeployment,
  'networking.k8s.io/v1/Ingress': judgeIngress,
  'v1/PersistentVolumeClaim': judgeVolumeClaim,
  'v1/Service': judgeService,
}

/**
 * Waits until what was made or changed does its work; kinds that nobody waits for are ready at once.
 * @throws Error with all that is lacking when its time is over
 */
export async function waitUntilReady(look: Look): Promise<void> {
  const judge = JUDGES[kindOf(look.object)]
  if (judge && !isAnnotated(look.object, 'skipAwait')) await waitUntil(look, judge)
}

/** What an object lacks now, without waiting for it: how a refresh sees a rollout that is stuck. */
export async function lacksNow(look: Look): Promise<string[]> {
  const judge = JUDGES[kindOf(look.object)]
  // A claim is looked at when it is made or changed alone.
  if (!judge || judge === judgeVolumeClaim || isAnnotated(look.object, 'skipAwait')) return []
  const verdict = await judge(look)
  return verdict.ready ? [] : verdict.lacks
}

/** Waits until an object is gone, with all that hangs on it; of a few kinds `pulumi.com/skipAwait` says not to. */
export async function waitUntilGone(look: Look): Promise<void> {
  const isHasty = ['apps/v1/Deployment', 'v1/Namespace', 'v1/Pod'].includes(kindOf(look.object))
  if (isHasty && isAnnotated(look.object, 'skipAwait')) return
  const uid = uidOf(look)
  await waitUntil(look, async ({ api, object, signal }) => {
    const live = await api.get(object, signal)
    if (live === 'missing' || uidOf({ ...look, object: live }) !== uid) return READY
    return { ready: false, lacks: ['it is still being deleted'] }
  })
}

function uidOf({ object }: Look): unknown {
  return (object['metadata'] as { uid?: unknown } | undefined)?.uid
}
