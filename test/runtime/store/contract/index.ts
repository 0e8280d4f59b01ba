import { afterEach, beforeEach } from 'vitest'

import { describeAccounts } from './accounts.ts'
import { describeAccountsModel } from './accounts-model.ts'
import { describeAudit } from './audit.ts'
import { describeChangingAccounts } from './changing-accounts.ts'
import { describeEndings } from './endings.ts'
import type { Fixture } from './fixture.ts'
import { describeHostSessions } from './host-sessions.ts'
import { describeLists } from './lists.ts'
import { describeModel } from './model.ts'
import { describeOnce } from './once.ts'
import { describePlans } from './plans.ts'
import { describeReplicas } from './replicas.ts'
import { describeSessions } from './sessions.ts'
import { describeSweeping } from './sweeping.ts'
import { describeTickets } from './tickets.ts'

export type { Fixture } from './fixture.ts'

/** What every store keeps; each engine's own test calls it with a way to open a fresh store. */
export function describeStore(openStore: () => Promise<Fixture>): void {
  let fixture: Fixture
  beforeEach(async () => {
    fixture = await openStore()
  })
  afterEach(() => fixture.remove())
  const current = (): Fixture => fixture

  describeSessions(current)
  describeHostSessions(current)
  describeOnce(current)
  describeAccounts(current)
  describeChangingAccounts(current)
  describeLists(current)
  describeTickets(current)
  describeAudit(current)
  describeSweeping(current)
  describeReplicas(current)
  describeEndings(current)
  describeModel(current)
  describeAccountsModel(current)
  describePlans(current)
}
