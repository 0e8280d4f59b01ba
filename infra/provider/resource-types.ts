import {
  entraAppRoleAssignmentType,
  entraClientSecretType,
  findGroups as findEntraGroups,
  findUnclaimedApplications as findUnclaimedEntraApplications,
  getAppRoles as getEntraAppRoles,
  getTenant as getEntraTenant,
} from './entra/index.ts'
import { secretType, signingType } from './key/index.ts'
import { processType } from './local/index.ts'
import { credentialProofType, oidcClientType } from './oidc/index.ts'
import { oktaClientSecretType, oktaServiceKeyType } from './okta/index.ts'
import {
  applicationSecretType as pingOneApplicationSecretType,
  applicationType as pingOneApplicationType,
  getGroups as getPingOneGroups,
} from './pingone/index.ts'
import { getPocketIdUserGroups, pocketIdClientSecretType, pocketIdClientType } from './pocket-id/index.ts'
import type { ProviderFunction, ResourceType } from './resource-type.ts'

/** Everything that the provider can make, by type token. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'gatewright-native:entra:AppRoleAssignment': entraAppRoleAssignmentType,
  'gatewright-native:entra:ClientSecret': entraClientSecretType,
  'gatewright-native:key:Secret': secretType,
  'gatewright-native:key:Signing': signingType,
  'gatewright-native:local:Process': processType,
  'gatewright-native:oidc:Client': oidcClientType,
  'gatewright-native:oidc:CredentialProof': credentialProofType,
  'gatewright-native:okta:ClientSecret': oktaClientSecretType,
  'gatewright-native:okta:ServiceKey': oktaServiceKeyType,
  'gatewright-native:pingone:Application': pingOneApplicationType,
  'gatewright-native:pingone:ApplicationSecret': pingOneApplicationSecretType,
  'gatewright-native:pocketid:Client': pocketIdClientType,
  'gatewright-native:pocketid:ClientSecret': pocketIdClientSecretType,
}

/** Everything that programs can ask the provider, by token. */
export const functions: Readonly<Record<string, ProviderFunction>> = {
  'gatewright-native:entra:findGroups': findEntraGroups,
  'gatewright-native:entra:findUnclaimedApplications': findUnclaimedEntraApplications,
  'gatewright-native:entra:getAppRoles': getEntraAppRoles,
  'gatewright-native:entra:getTenant': getEntraTenant,
  'gatewright-native:pingone:getGroups': getPingOneGroups,
  'gatewright-native:pocketid:getUserGroups': getPocketIdUserGroups,
}
