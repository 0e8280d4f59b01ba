import { setTimeout as delay } from 'node:timers/promises'

import { type ApiClient, ApiError } from '../api/index.ts'
import { type Condition, type ContainerState, statusOf } from './status.ts'

const AGAIN_MS = 200

/** Tells the API server how a pod is: one report at a time, the newest state only. */
export interface Reporter {
  containers(states: () => readonly ContainerState[]): void
  addressed(address: string): void
  /** The pod's containers wait for something that is not there. */
  waiting: (why: string) => void
  /** The pod has come to its end. */
  finished(): void
  changed: () => void
  /** When the last report has arrived. */
  close(): Promise<void>
}

/** @param path the pod's; @param uid its very own */
export function createReporter(api: ApiClient, path: string, uid: string, hostAddress: string): Reporter {
  const startTime = seconds()
  let states: () => readonly ContainerState[] = () => []
  let address: string | undefined
  let over = false
  let why: string | undefined
  let conditions: readonly Condition[] = []
  let dirty = false
  let working: Promise<void> | undefined
  let last = ''

  async function send(): Promise<void> {
    while (dirty) {
      dirty = false
      const containers = states().map((state) => (why === undefined ? state : explained(state, why)))
      const status = statusOf({ startTime, hostAddress, address, over, containers }, conditions, seconds())
      const text = JSON.stringify(status)
      if (text === last) continue
      try {
        await api.patch(`${path}/status`, { metadata: { uid }, status }, 'strategic')
        last = text
        conditions = status.conditions
      } catch (error) {
        // Gone, or another of the same name: nobody is interested any more.
        if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return
        dirty = true
        await delay(AGAIN_MS)
      }
    }
  }
  function changed(): void {
    dirty = true
    working ??= send().finally(() => {
      working = undefined
      if (dirty) changed()
    })
  }
  return {
    containers(next) {
      states = next
      why = undefined
      changed()
    },
    addressed(given) {
      address = given
      changed()
    },
    waiting(reason) {
      why = reason
      changed()
    },
    finished() {
      over = true
      changed()
    },
    changed,
    close: async () => working,
  }
}

function explained(state: ContainerState, message: string): ContainerState {
  return { ...state, state: { waiting: { reason: 'ContainerCreating', message } } }
}

/** The API's times have no fractions. */
function seconds(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}
