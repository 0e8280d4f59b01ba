import { secretType, signingType } from './key/index.ts'
import { processType } from './local/index.ts'
import { oidcClientType } from './oidc/index.ts'
import type { ResourceType } from './resource-type.ts'

/** Everything that the provider can make, by type token. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'gatewright-native:key:Secret': secretType,
  'gatewright-native:key:Signing': signingType,
  'gatewright-native:local:Process': processType,
  'gatewright-native:oidc:Client': oidcClientType,
}
