export type { Changed } from './change-listeners.ts'
export type { Ability, OutageEvent } from './outages.ts'
export { openPostgresStore, type PostgresOptions } from './postgres/index.ts'
export { openSqliteStore } from './sqlite/index.ts'
export { backUpSqliteStore } from './sqlite/back-up.ts'
export { examineSqliteStore, type StoreSummary } from './sqlite/examine.ts'
export { type RestoredSessions, stageSqliteStore, type StagedStore } from './sqlite/restore.ts'
export type {
  Account,
  AccountChange,
  AccountFilter,
  AccountStore,
  AccountWithCredentials,
  AuditEntry,
  AuditEvent,
  AuditFilter,
  ChangeOutcome,
  Identity,
  IdentityKey,
  Page,
  Passkey,
  Profile,
  Ticket,
  TicketKind,
} from './accounts.ts'
export { isStoreError, StoreError, type StoreErrorCode } from './store-error.ts'
export type {
  Authentication,
  Device,
  EndedAtProvider,
  HandOver,
  HostSession,
  KeptBody,
  Person,
  RefreshState,
  Session,
  SessionChange,
  SessionFilter,
  Store,
} from './store.ts'
