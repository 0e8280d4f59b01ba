/** What health checks have shown of a server. */
export interface CheckState {
  isHealthy: boolean
  /** Checks in a row that speak against it. */
  against: number
}

/** Checks in a row that are needed for a change. */
export interface CheckThresholds {
  healthyAfter: number
  unhealthyAfter: number
}

/** Healthy until shown otherwise: a start must not wait for a check, and requests show more. */
export const UNCHECKED: CheckState = { isHealthy: true, against: 0 }

/** What it becomes after a check. */
export function afterCheck(state: CheckState, outcome: 'passed' | 'failed', thresholds: CheckThresholds): CheckState {
  const agrees = (outcome === 'passed') === state.isHealthy
  if (agrees) return state.against === 0 ? state : { ...state, against: 0 }
  const against = state.against + 1
  const needed = state.isHealthy ? thresholds.unhealthyAfter : thresholds.healthyAfter
  return against < needed ? { ...state, against } : { isHealthy: !state.isHealthy, against: 0 }
}
