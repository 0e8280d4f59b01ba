export { ask, type Asking } from './ask.ts'
export { CredentialProof, type CredentialProofArgs } from './credential-proof.ts'
export {
  EntraAppRoleAssignment,
  EntraClientSecret,
  type EntraAdministration,
  type EntraAppRoleAssignmentArgs,
  type EntraClientSecretArgs,
} from './entra.ts'
export { NameSuffix, SecretKey, ServiceToken, SigningKey, type SecretKeyArgs, type ServiceTokenArgs } from './keys.ts'
export { OidcClient, type OidcClientArgs } from './oidc-client.ts'
export { OidcEndpoints, type OidcEndpointsArgs } from './oidc-endpoints.ts'
export { OktaClientSecret, OktaServiceKey, type OktaClientSecretArgs } from './okta.ts'
export {
  PangolinCredentials,
  PangolinIdentityProvider,
  PangolinOrganizationPolicy,
  type PangolinAdministration,
  type PangolinCredentialsArgs,
  type PangolinIdentityProviderArgs,
  type PangolinOrganizationPolicyArgs,
} from './pangolin.ts'
export { Process, type ProcessArgs } from './process.ts'
export { Service, type ServiceArgs } from './service.ts'
export {
  getPingOneGroups,
  PingOneApplication,
  PingOneApplicationSecret,
  type PingOneApplicationArgs,
  type PingOneApplicationSecretArgs,
  type PingOneConnection,
} from './pingone.ts'
export {
  getPocketIdUserGroups,
  PocketIdClient,
  PocketIdClientSecret,
  type PocketIdAdministration,
  type PocketIdClientArgs,
  type PocketIdClientSecretArgs,
} from './pocket-id.ts'
