import { flushCompileCache } from 'node:module'

import type { ProviderFunction, ResourceType } from './resource-type.ts'

/** Loaded when it is first asked for: a stack uses few of the vendors, and each preview starts the provider anew. */
export type Loaded<Thing> = () => Promise<Thing>

const entra = once(() => import('./entra/index.ts'))
const key = once(() => import('./key/index.ts'))
const local = once(() => import('./local/index.ts'))
const oidc = once(() => import('./oidc/index.ts'))
const okta = once(() => import('./okta/index.ts'))
const pangolin = once(() => import('./pangolin/index.ts'))
const pingone = once(() => import('./pingone/index.ts'))
const pocketId = once(() => import('./pocket-id/index.ts'))
const systemd = once(() => import('./systemd/index.ts'))

/** Everything that the provider can make, by type token. */
export const resourceTypes: Readonly<Record<string, Loaded<ResourceType>>> = {
  'gatewright-native:entra:AppRoleAssignment': async () => (await entra()).entraAppRoleAssignmentType,
  'gatewright-native:entra:ClientSecret': async () => (await entra()).entraClientSecretType,
  'gatewright-native:key:NameSuffix': async () => (await key()).nameSuffixType,
  'gatewright-native:key:Secret': async () => (await key()).secretType,
  'gatewright-native:key:ServiceToken': async () => (await key()).serviceTokenType,
  'gatewright-native:key:Signing': async () => (await key()).signingType,
  'gatewright-native:local:Process': async () => (await local()).processType,
  'gatewright-native:oidc:Client': async () => (await oidc()).oidcClientType,
  'gatewright-native:oidc:CredentialProof': async () => (await oidc()).credentialProofType,
  'gatewright-native:oidc:Endpoints': async () => (await oidc()).endpointsType,
  'gatewright-native:okta:ClientSecret': async () => (await okta()).oktaClientSecretType,
  'gatewright-native:okta:ServiceKey': async () => (await okta()).oktaServiceKeyType,
  'gatewright-native:pangolin:Credentials': async () => (await pangolin()).pangolinCredentialsType,
  'gatewright-native:pangolin:IdentityProvider': async () => (await pangolin()).pangolinIdentityProviderType,
  'gatewright-native:pangolin:OrganizationPolicy': async () => (await pangolin()).pangolinOrganizationPolicyType,
  'gatewright-native:pingone:Application': async () => (await pingone()).applicationType,
  'gatewright-native:pingone:ApplicationSecret': async () => (await pingone()).applicationSecretType,
  'gatewright-native:pocketid:Client': async () => (await pocketId()).pocketIdClientType,
  'gatewright-native:pocketid:ClientSecret': async () => (await pocketId()).pocketIdClientSecretType,
  'gatewright-native:systemd:Service': async () => (await systemd()).serviceType,
}

/** Everything that programs can ask the provider, by token. */
export const functions: Readonly<Record<string, Loaded<ProviderFunction>>> = {
  'gatewright-native:index:prepare': async () => prepare,
  'gatewright-native:entra:findGroups': async () => (await entra()).findGroups,
  'gatewright-native:entra:findUnclaimedApplications': async () => (await entra()).findUnclaimedApplications,
  'gatewright-native:entra:getAppRoles': async () => (await entra()).getAppRoles,
  'gatewright-native:entra:getTenant': async () => (await entra()).getTenant,
  'gatewright-native:pingone:getGroups': async () => (await pingone()).getGroups,
  'gatewright-native:pocketid:getUserGroups': async () => (await pocketId()).getPocketIdUserGroups,
}

/** Loads what every stack has resources of; asked before the first of them is registered, so that it need not wait. */
async function prepare(): Promise<Record<string, never>> {
  await Promise.all([key(), local()])
  return {}
}

/** What Node has compiled is written soon after, because the engine ends us without a chance to do it at the end. */
function once<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loaded: Promise<Module> | undefined
  return () => {
    loaded ??= load().finally(() => setImmediate(flushCompileCache))
    return loaded
  }
}
