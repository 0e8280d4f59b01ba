import { createClientSecretType } from './client-secret.ts'
import { createClientType } from './client.ts'
import { createUserGroupsFunction } from './user-groups.ts'

export type { Administration, ClientInputs, ClientSecretInputs, ClientSecretState, ClientState } from './schema.ts'

/** `gatewright-native:pocketid:Client` */
export const pocketIdClientType = createClientType()

/** `gatewright-native:pocketid:ClientSecret` */
export const pocketIdClientSecretType = createClientSecretType()

/** `gatewright-native:pocketid:getUserGroups` */
export const getPocketIdUserGroups = createUserGroupsFunction()
