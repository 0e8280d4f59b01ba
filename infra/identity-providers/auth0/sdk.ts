import { createRequire } from 'node:module'

import type * as auth0 from '@pulumi/auth0'

/** The official SDK; an `import` of its values would load every one of its resource classes at each preview. */
export type Auth0Sdk = typeof auth0

/** Loads the SDK at the first call. */
export function loadSdk(): Auth0Sdk {
  return createRequire(import.meta.url)('@pulumi/auth0') as Auth0Sdk
}
