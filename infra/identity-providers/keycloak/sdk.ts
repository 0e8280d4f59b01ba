import { createRequire } from 'node:module'

import type * as keycloak from '@pulumi/keycloak'

/** The official SDK; an `import` of its values would load every one of its resource classes at each preview. */
export type KeycloakSdk = typeof keycloak

/** Loads the SDK at the first call. */
export function loadSdk(): KeycloakSdk {
  return createRequire(import.meta.url)('@pulumi/keycloak') as KeycloakSdk
}
