import { join } from 'node:path'

import { createClientType } from './client.ts'
import { openJournal } from './journal.ts'

export type { ClientInputs, ClientState } from './schema.ts'

/** `gatewright-native:oidc:Client`; its journal lies beside the project, or where GATEWRIGHT_JOURNAL says. */
export const oidcClientType = createClientType(
  openJournal(process.env['GATEWRIGHT_JOURNAL'] ?? join(process.cwd(), '.gatewright', 'journal')),
)
