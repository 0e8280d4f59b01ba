import { createRequire } from 'node:module'

import type * as azuread from '@pulumi/azuread'

/** The official SDK; an `import` of its values would load every one of its resource classes at each preview. */
export type EntraSdk = typeof azuread

/** Loads the SDK at the first call. */
export function loadSdk(): EntraSdk {
  return createRequire(import.meta.url)('@pulumi/azuread') as EntraSdk
}
