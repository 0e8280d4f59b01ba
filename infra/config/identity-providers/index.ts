import * as z from 'zod'

import { auth0 } from './auth0.ts'
import { entra } from './entra.ts'
import { google } from './google.ts'
import { keycloak } from './keycloak.ts'
import { local } from './local.ts'
import { oidc } from './oidc.ts'
import { okta } from './okta.ts'
import { pingone } from './pingone.ts'
import { pocketId } from './pocket-id.ts'

export type { AttributeSettings } from './attributes.ts'
export type { Auth0Settings } from './auth0.ts'
export type { BroughtClient } from './brought-client.ts'
export { type EntraSettings, homeTenant, isShared, PERSONAL_ACCOUNTS } from './entra.ts'
export type { GoogleSettings } from './google.ts'
export type { KeycloakSettings } from './keycloak.ts'
export type { LocalSettings } from './local.ts'
export type { OidcSettings } from './oidc.ts'
export type { OktaSettings } from './okta.ts'
export type { PingOneSettings } from './pingone.ts'
export type { PocketIdSettings } from './pocket-id.ts'

/** One identity provider of the stack file. */
export const identityProvider = z.discriminatedUnion('kind', [
  auth0,
  entra,
  google,
  keycloak,
  local,
  oidc,
  okta,
  pingone,
  pocketId,
])

export type IdentityProviderSettings = z.output<typeof identityProvider>
