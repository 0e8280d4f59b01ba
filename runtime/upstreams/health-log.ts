import type { Logger } from 'pino'

/** Tells operators of changes of health, each once. */
export interface HealthLog {
  ejected(origin: string, forMs: number, wasTrial: boolean): void
  returned(origin: string): void
  checkFailed(origin: string, why: string): void
  checkPassed(origin: string): void
}

/** @param log says where and why; origins and reasons are of the inner network and for the log only */
export function createHealthLog(log: Pick<Logger, 'info' | 'warn'>): HealthLog {
  return {
    ejected(upstream, forMs, wasTrial) {
      const why = wasTrial
        ? 'it failed the request that was to show that it is back'
        : 'it failed several requests in a row'
      log.warn({ upstream, why, forMs }, 'Upstream is out of turn')
    },
    returned: (upstream) => log.info({ upstream, why: 'it has answered a request' }, 'Upstream is back'),
    checkFailed: (upstream, why) => log.warn({ upstream, why }, 'Upstream is unhealthy'),
    checkPassed: (upstream) => log.info({ upstream, why: 'it passed its health checks' }, 'Upstream is healthy'),
  }
}
