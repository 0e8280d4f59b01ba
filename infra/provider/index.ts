export { entraCloud } from './entra/clouds.ts'
export { describeError, ProviderError } from './errors.ts'
export { heldByStrangers } from './local/listeners.ts'
export { listPrograms, type Program } from './local/process-table.ts'
export { stopProcess } from './local/stop.ts'
export { discover, isSafeUrl, SHOWN_BY, showOnce, type ShownCredential } from './oidc/index.ts'
export { refusal } from './refusal.ts'
export {
  ask,
  CredentialProof,
  EntraAppRoleAssignment,
  EntraClientSecret,
  getPingOneGroups,
  getPocketIdUserGroups,
  OidcClient,
  OktaClientSecret,
  OktaServiceKey,
  PingOneApplication,
  PingOneApplicationSecret,
  PocketIdClient,
  PocketIdClientSecret,
  Process,
  SecretKey,
  ServiceToken,
  SigningKey,
  type CredentialProofArgs,
  type EntraAdministration,
  type OidcClientArgs,
  type OktaClientSecretArgs,
  type PingOneApplicationArgs,
  type PingOneApplicationSecretArgs,
  type PingOneConnection,
  type PocketIdAdministration,
  type PocketIdClientArgs,
  type ProcessArgs,
  type SecretKeyArgs,
} from './resources/index.ts'
export { parseJson, reasonOf, restRequest } from './rest.ts'
