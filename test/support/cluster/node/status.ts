/** What is known of a container, in the words of the API. */
export interface ContainerState {
  name: string
  image: string
  ready: boolean
  started: boolean
  restartCount: number
  state: State
  lastState?: State
}

export type State =
  | { waiting: { reason: string; message?: string } }
  | { running: { startedAt: string } }
  | { terminated: { exitCode: number; reason: string; message?: string; startedAt: string; finishedAt: string } }

/** What is known of a pod. */
export interface PodState {
  startTime: string
  hostAddress: string
  /** Once it has one. */
  address: string | undefined
  /** Whether the end that its containers have come to is the pod's. */
  over: boolean
  containers: readonly ContainerState[]
}

export interface Condition {
  type: string
  status: 'True' | 'False'
  reason?: string | null
  message?: string | null
  lastTransitionTime: string
}

/**
 * A pod's status, to be merged into the stored one.
 * @param before the conditions that were reported last: one keeps its time while it stays what it is
 * @param now ISO 8601, whole seconds
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 */
export function statusOf(
  state: PodState,
  before: readonly Condition[],
  now: string,
): Record<string, unknown> & { conditions: Condition[] } {
  const phase = phaseOf(state)
  const notReady = state.containers.filter(({ ready }) => !ready).map(({ name }) => name)
  const finished = phase === 'Succeeded' || phase === 'Failed'
  const why = notReady.length === 0 ? null : `containers with unready status: [${notReady.join(' ')}]`
  const reason = why === null ? null : phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady'
  const ready = !finished && why === null
  const conditions = [
    condition('PodReadyToStartContainers', state.address !== undefined && !finished, before, now),
    condition('Initialized', true, before, now),
    condition('Ready', ready, before, now, reason, why),
    condition('ContainersReady', ready, before, now, reason, why),
  ]
  const { address, hostAddress, startTime } = state
  return {
    phase,
    startTime,
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    ...(address === undefined ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    conditions,
    containerStatuses: state.containers.map((container) => ({ imageID: '', ...container })),
  }
}

function phaseOf({ over, containers }: PodState): string {
  if (over) {
    const failed = containers.some(({ state }) => 'terminated' in state && state.terminated.exitCode !== 0)
    return failed ? 'Failed' : 'Succeeded'
  }
  const begun = containers.some(({ state, lastState }) => !('waiting' in state) || lastState !== undefined)
  return begun ? 'Running' : 'Pending'
}

function condition(
  type: string,
  is: boolean,
  before: readonly Condition[],
  now: string,
  reason: string | null = null,
  message: string | null = null,
): Condition {
  const status = is ? 'True' : 'False'
  const last = before.find((each) => each.type === type)
  const since = last?.status === status ? last.lastTransitionTime : now
  return { type, status, reason, message, lastTransitionTime: since }
}
