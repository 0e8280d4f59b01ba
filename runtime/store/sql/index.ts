import type { Store } from '../store.ts'
import { accountMethods } from './accounts.ts'
import { auditMethods } from './audit.ts'
import { countEventIn } from './count-event.ts'
import type { Database } from './database.ts'
import { hostSessionMethods } from './host-sessions.ts'
import { accountListMethods } from './list-accounts.ts'
import { onceMethods } from './once.ts'
import { removeExpiredIn } from './remove-expired.ts'
import { sessionMethods } from './sessions.ts'
import { ticketMethods } from './tickets.ts'

export type { Conditional, Database, Dialect, Result, Row, Statement } from './database.ts'

/** The store over an engine. Both have the same statements, so that they cannot drift; atomicity is the engine's. */
export function createSqlStore(database: Database): Store {
  return {
    ...sessionMethods(database),
    ...hostSessionMethods(database),
    ...onceMethods(database),
    ...accountMethods(database),
    ...accountListMethods(database),
    ...ticketMethods(database),
    ...auditMethods(database),
    countEvent: countEventIn(database),
    removeExpired: removeExpiredIn(database),
    onChanged: (listener) => database.onChanged(listener),
    untoldFor: () => database.untoldFor(),
    close: () => database.close(),
  }
}
