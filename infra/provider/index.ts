export { entraCloud } from './entra/clouds.ts'
export { describeError, ProviderError } from './errors.ts'
export { startAgain } from './local/launch.ts'
export { heldByStrangers } from './local/listeners.ts'
export { findRunning } from './local/pid-file.ts'
export { listPrograms, type Program } from './local/process-table.ts'
export { askReadiness } from './local/readiness.ts'
export { stopProcess } from './local/stop.ts'
export { discover, isSafeUrl, SHOWN_BY, showOnce, type ShownCredential } from './oidc/index.ts'
export { refusal } from './refusal.ts'
export { SYSTEMD_PROGRAMS, SYSTEMD_STATE, unitName } from './systemd/names.ts'
export { systemctl, unitState } from './systemd/systemctl.ts'
export { renderEnvironment, renderUnit } from './systemd/unit-file.ts'
export {
  ask,
  CredentialProof,
  EntraAppRoleAssignment,
  EntraClientSecret,
  getPingOneGroups,
  getPocketIdUserGroups,
  OidcClient,
  OidcEndpoints,
  OktaClientSecret,
  OktaServiceKey,
  PangolinCredentials,
  PangolinIdentityProvider,
  PangolinOrganizationPolicy,
  PingOneApplication,
  PingOneApplicationSecret,
  PocketIdClient,
  PocketIdClientSecret,
  Process,
  NameSuffix,
  SecretKey,
  Service,
  ServiceToken,
  SigningKey,
  type CredentialProofArgs,
  type EntraAdministration,
  type OidcClientArgs,
  type OktaClientSecretArgs,
  type PangolinAdministration,
  type PingOneApplicationArgs,
  type PingOneApplicationSecretArgs,
  type PingOneConnection,
  type PocketIdAdministration,
  type PocketIdClientArgs,
  type ProcessArgs,
  type SecretKeyArgs,
  type ServiceArgs,
} from './resources/index.ts'
export { parseJson, reasonOf, restRequest } from './rest.ts'
