export { isStoreError, openSqliteStore } from './sqlite.ts'
export type { HandOver, HostSession, Person, Session, Store } from './store.ts'
