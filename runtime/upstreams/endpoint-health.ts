import type { Outcome } from './contract.ts'

/** So many failures in a row put a server out of turn. */
const FAILURES = 5

/** For how long, at first and at most, in milliseconds; each trial that fails doubles it. */
const FIRST_EJECTION_MS = 30_000
const LONGEST_EJECTION_MS = 300_000

/** What requests have shown of a server; times are in milliseconds of one clock. */
export type EndpointHealth =
  /** `failures` in a row; `ejections` are the last ones without a quiet time since `since`, when the last one ended. */
  | { kind: 'trusted'; failures: number; ejections: number; since: number }
  | { kind: 'ejected'; until: number; ejections: number }
  /** Its time is over, and one request shows whether it is well again; one that takes longer than `until` is not waited for. */
  | { kind: 'tried'; until: number; ejections: number }

export const UNTOUCHED_HEALTH: EndpointHealth = { kind: 'trusted', failures: 0, ejections: 0, since: -Infinity }

/** Whether it may be chosen; after an ejection by one request alone. */
export function isAvailable(health: EndpointHealth, now: number): boolean {
  return health.kind === 'trusted' || now >= health.until
}

/** What it becomes when it is chosen: after an ejection, that request is its trial. */
export function afterChoice(health: EndpointHealth, now: number): EndpointHealth {
  if (health.kind === 'trusted' || now < health.until) return health
  return { kind: 'tried', until: now + FIRST_EJECTION_MS, ejections: health.ejections }
}

/**
 * What it becomes after a request.
 * @param isTrial the request was chosen as its trial; while a server is out of turn no other one counts, since those began before
 *   or went there because there was nobody else
 */
export function afterRequest(health: EndpointHealth, outcome: Outcome, isTrial: boolean, now: number): EndpointHealth {
  switch (health.kind) {
    case 'trusted':
      if (isTrial) return health
      if (outcome === 'answered') return health.failures === 0 ? health : { ...health, failures: 0 }
      if (outcome === 'abandoned') return health
      return health.failures + 1 < FAILURES
        ? { ...health, failures: health.failures + 1 }
        : eject(now - health.since > LONGEST_EJECTION_MS ? 0 : health.ejections, now)
    case 'tried':
      if (!isTrial) return health
      if (outcome === 'answered') return { kind: 'trusted', failures: 0, ejections: health.ejections, since: now }
      // A client that went away has shown nothing: the next request is the trial.
      return outcome === 'failed'
        ? eject(health.ejections, now)
        : { kind: 'ejected', until: now, ejections: health.ejections }
    case 'ejected':
      return health
  }
}

function eject(ejections: number, now: number): EndpointHealth {
  const lasts = Math.min(FIRST_EJECTION_MS * 2 ** ejections, LONGEST_EJECTION_MS)
  return { kind: 'ejected', until: now + lasts, ejections: ejections + 1 }
}
