import type { Logger } from 'pino'

import type { RuntimeConfig } from '../config.ts'
import type { Limits } from '../limits/index.ts'
import type { SecurityChange } from '../mail/index.ts'
import type { Account, Store } from '../store/index.ts'
import type { Actor } from './contract.ts'
import type { PasswordHasher } from './password-hash.ts'
import type { KnownProviders } from './ways-in.ts'

/** What accounts work with; one for each release of the configuration. */
export interface AccountsDeps {
  store: Store
  config: Pick<RuntimeConfig, 'brands' | 'mail' | 'accounts'>
  providers: KnownProviders
  limits: Pick<Limits, 'password'>
  log: Pick<Logger, 'info' | 'warn'>
  /**
   * Told after something about an account's security has changed, for a mail about it. It must not throw, and is not waited for.
   * @param account as it was before, so that the mail goes to the address that somebody may just have lost
   */
  onSecurityChange?: (account: Account, change: SecurityChange, actor: Actor) => void
  /** One for the whole process, since it bounds the work. */
  passwords: PasswordHasher
  /** Milliseconds since 1970; a test's own clock. */
  now?: () => number
}

/** With everything in its place. */
export type AccountsContext = Required<AccountsDeps>
