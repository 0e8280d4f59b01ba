import type { Logger } from 'pino'

import type { RuntimeConfig } from '../config.ts'
import type { Sealer, Signer } from '../keys/index.ts'
import type { Limits } from '../limits/index.ts'
import type { Provider } from '../providers/index.ts'
import type { Sessions } from '../sessions/index.ts'
import type { Store } from '../store/index.ts'

/** What the endpoints work with; one for each release of the configuration. */
export interface AuthenticateContext {
  config: RuntimeConfig
  providers: ReadonlyMap<string, Provider>
  sessions: Sessions
  limits: Limits
  store: Store
  sealer: Sealer
  signer: Signer
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** What an endpoint is told beside the request. */
export interface Bindings {
  requestId: string
}
