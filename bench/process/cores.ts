import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

import { Failure } from '../../bin/command/index.ts'

/** The proxy that is measured has this core for itself. */
export const PROXY_CORE = '0'

/** Load, upstream, identity provider and this process have all others. */
export function otherCores(count: number): string {
  return count === 2 ? '1' : `1-${count - 1}`
}

/**
 * Moves this process, and with it whatever it starts, off the proxy's core.
 * @throws Failure `bench_failed` where there is one core only, or it may not be chosen
 */
export function leaveProxyCore(): void {
  const count = availableParallelism()
  if (count < 2) throw new Failure('bench_failed', 'The bench needs two cores: one is for the measured proxy alone.')
  try {
    execFileSync('taskset', ['-acp', otherCores(count), String(process.pid)], { stdio: 'pipe' })
  } catch (cause) {
    throw new Failure('bench_failed', 'taskset cannot choose the cores: start the bench where it may use them all.', {
      cause,
    })
  }
}
