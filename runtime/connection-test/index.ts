/** Whether people can sign in at an identity provider: asked without a person. */
export type { CredentialVerdict } from '../providers/index.ts'
export { type Check, describeFindings } from './checks.ts'
export { type ConnectionFindings, type ConnectionTarget, type KnownClient, testConnection } from './run.ts'
