import { ContainerRefused } from './container.ts'
import { get } from './probes.ts'
import { pause, watchContainer } from './prober.ts'
import type { Log, Running } from './processes.ts'
import type { ContainerSpec, HookSpec, PodSpec } from './spec.ts'
import type { ContainerState } from './status.ts'

const MS_PER_S = 1000
const AGAIN_SECONDS = 1
/** The kubelet begins at 10 seconds and goes to 5 minutes, which no test would wait for. */
const FIRST_WAIT_SECONDS = 0.5
const LONGEST_WAIT_SECONDS = 8
/** What is left for a SIGTERM after a hook that took the whole grace period, as the kubelet has it. */
const LEAST_GRACE_SECONDS = 2

/** What a container needs of its pod. */
export interface ContainerContext {
  address: string
  restartPolicy: PodSpec['restartPolicy']
  graceSeconds: number
  log: Log
  /** Starts the process anew. @throws ContainerRefused */
  start(): Promise<Running>
  /** Something of the state has changed. */
  changed: () => void
  /** Aborted when the pod is to go. */
  stopping: AbortSignal
}

/** A container through all of its restarts. */
export interface ContainerRun {
  state: ContainerState
  /** When it will not be started again. */
  over: Promise<void>
  /** Hook, SIGTERM, the rest of the grace period, SIGKILL. */
  stop(graceSeconds: number): Promise<void>
  kill(): Promise<void>
}

export function runContainer(spec: ContainerSpec, context: ContainerContext): ContainerRun {
  const state = waitingState(spec)
  const { stopping, changed } = context
  let running: Running | undefined

  /** What cannot be made may be possible later: a missing object, another image. */
  async function startAgainAndAgain(): Promise<Running | undefined> {
    do {
      try {
        return await context.start()
      } catch (error) {
        const reason = error instanceof ContainerRefused ? error.reason : 'CreateContainerConfigError'
        state.state = { waiting: { reason, message: error instanceof Error ? error.message : String(error) } }
        changed()
      }
    } while (await pause(AGAIN_SECONDS, stopping))
    return undefined
  }
  async function once(): Promise<number | undefined> {
    const started = await startAgainAndAgain()
    if (started === undefined) return undefined
    running = started
    state.state = { running: { startedAt: started.startedAt } }
    changed()
    const ended = new AbortController()
    const findings = {
      started(): void {
        state.started = true
        changed()
      },
      ready(is: boolean): void {
        if (state.ready === is) return
        state.ready = is
        changed()
      },
      unhealthy(why: string): void {
        context.log.add(`[node] ${why}\n`)
        void stopProcess(started, spec, context, context.graceSeconds)
      },
    }
    const asked = { container: spec, address: context.address, running: started }
    void watchContainer(asked, findings, ended.signal, stopping)
    const { code, finishedAt } = await started.ended
    ended.abort()
    running = undefined
    state.ready = false
    state.started = false
    const reason = code === 0 ? 'Completed' : 'Error'
    state.state = { terminated: { exitCode: code, reason, startedAt: started.startedAt, finishedAt } }
    changed()
    return code
  }
  async function loop(): Promise<void> {
    for (let wait = 0; !stopping.aborted; wait = Math.min(wait * 2 || FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)) {
      if (wait > 0) {
        state.lastState = state.state
        state.state = {
          waiting: { reason: 'CrashLoopBackOff', message: `back-off ${wait}s restarting failed container` },
        }
        state.restartCount += 1
        changed()
        if (!(await pause(wait, stopping))) break
      }
      const code = await once()
      if (code === undefined) break
      if (context.restartPolicy === 'Never' || (context.restartPolicy === 'OnFailure' && code === 0)) break
    }
  }
  return {
    state,
    over: loop(),
    async stop(graceSeconds) {
      if (running !== undefined) await stopProcess(running, spec, context, graceSeconds)
    },
    async kill() {
      await running?.signal('SIGKILL')
    },
  }
}

/** What is known before anything is. */
export function waitingState(
  { name, image }: Pick<ContainerSpec, 'name' | 'image'>,
  reason?: string,
  message?: string,
): ContainerState {
  const waiting = { reason: reason ?? 'ContainerCreating', ...(message === undefined ? {} : { message }) }
  return { name, image, ready: false, started: false, restartCount: 0, state: { waiting } }
}

async function stopProcess(
  running: Running,
  spec: ContainerSpec,
  context: ContainerContext,
  graceSeconds: number,
): Promise<void> {
  const until = Date.now() + graceSeconds * MS_PER_S
  const hook = spec.lifecycle?.preStop
  if (hook !== undefined && graceSeconds > 0) {
    await Promise.race([runHook(hook, running, spec, context.address, graceSeconds), running.ended])
  }
  await running.signal('SIGTERM')
  const left = Math.max((until - Date.now()) / MS_PER_S, graceSeconds > 0 ? LEAST_GRACE_SECONDS : 0)
  const ended = new AbortController()
  void running.ended.then(() => ended.abort())
  if (await pause(left, ended.signal)) await running.signal('SIGKILL')
  await running.ended
}

async function runHook(
  hook: HookSpec,
  running: Running,
  spec: ContainerSpec,
  address: string,
  graceSeconds: number,
): Promise<void> {
  const limitMs = graceSeconds * MS_PER_S
  const ended = new AbortController()
  void running.ended.then(() => ended.abort())
  if (hook.sleep !== undefined) await pause(Math.min(hook.sleep.seconds, graceSeconds), ended.signal)
  if (hook.exec !== undefined) await running.execute(hook.exec.command, limitMs)
  if (hook.httpGet !== undefined) await get(hook.httpGet, spec, address, limitMs)
}
