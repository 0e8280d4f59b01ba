import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { createClientType } from './client.ts'
import { createEndpointsType } from './endpoints.ts'
import { openJournal } from './journal.ts'
import { createCredentialProofType } from './proof.ts'

export { discover } from './discovery.ts'
export type { EndpointsInputs } from './endpoints.ts'
export { showOnce } from './proof-course.ts'
export { SHOWN_BY, type ShownCredential } from './proof-request.ts'
export type { ProofInputs } from './proof.ts'
export { isSafeUrl } from './schema.ts'
export type { ClientInputs, ClientState } from './schema.ts'

/** `gatewright-native:oidc:Client`; its journal lies in the project's `.gatewright`, or where GATEWRIGHT_JOURNAL says. */
export const oidcClientType = createClientType(
  openJournal(process.env['GATEWRIGHT_JOURNAL'] ?? join(projectFolder(process.cwd()), '.gatewright', 'journal')),
)

/** `gatewright-native:oidc:Endpoints` */
export const endpointsType = createEndpointsType()

/** `gatewright-native:oidc:CredentialProof` */
export const credentialProofType = createCredentialProofType()

/** The engine starts us in the folder of the program's main file: the project is there or above. */
function projectFolder(folder: string): string {
  if (existsSync(join(folder, 'Pulumi.yaml')) || dirname(folder) === folder) return folder
  return projectFolder(dirname(folder))
}
