export { applicationType } from './application.ts'
export { applicationSecretType } from './application-secret.ts'
export { getGroups } from './groups.ts'
export type { ApplicationInputs, ApplicationSecretInputs, ApplicationState, Connection } from './schema.ts'
