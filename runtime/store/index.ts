export type { Changed } from './change-listeners.ts'
export { openPostgresStore, type PostgresOptions } from './postgres/index.ts'
export { openSqliteStore } from './sqlite/index.ts'
export { isStoreError, StoreError, type StoreErrorCode } from './store-error.ts'
export type {
  Authentication,
  EndedAtProvider,
  HandOver,
  HostSession,
  KeptBody,
  Person,
  RefreshState,
  Session,
  SessionChange,
  Store,
} from './store.ts'
