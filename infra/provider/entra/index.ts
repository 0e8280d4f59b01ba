import { createAppRoleAssignmentType } from './app-role-assignment.ts'
import { createClientSecretType } from './client-secret.ts'

export type { AppRoleAssignmentInputs, AppRoleAssignmentState } from './app-role-assignment.ts'
export type { ClientSecretInputs, ClientSecretState } from './client-secret.ts'
export { findGroups, findUnclaimedApplications, getAppRoles, getTenant } from './lookups.ts'
export type { Administration } from './schema.ts'

/** `gatewright-native:entra:ClientSecret`. */
export const entraClientSecretType = createClientSecretType()
/** `gatewright-native:entra:AppRoleAssignment`. */
export const entraAppRoleAssignmentType = createAppRoleAssignmentType()
