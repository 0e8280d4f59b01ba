import type { Logger } from 'pino'

import type { Accounts, AtBrand } from '../accounts/index.ts'
import type { RuntimeConfig } from '../config.ts'
import type { Sealer, Signer } from '../keys/index.ts'
import type { Client, Limits } from '../limits/index.ts'
import type { Mailer } from '../mail/index.ts'
import type { Policy } from '../policy/index.ts'
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
  accounts: Accounts
  /** Undefined where no mail is set up. */
  mailer: Mailer | undefined
  /** For whom it is true may administer; undefined where nobody may. */
  admins: Policy | undefined
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** What an endpoint is told beside the request. */
export interface Bindings {
  requestId: string
  /** Who asks. */
  client: Client
}

/** A request at a brand's login host. */
export interface LoginRequest {
  context: AuthenticateContext
  brand: AtBrand
  request: Request
  client: Client
}
