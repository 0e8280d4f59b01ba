import { createCredentialsType } from './credentials.ts'
import { createIdentityProviderType } from './identity-provider.ts'
import { createOrganizationPolicyType } from './organization-policy.ts'

export type { CredentialsInputs, IdentityProviderInputs, OrganizationPolicyInputs } from './schema.ts'

/** `gatewright-native:pangolin:IdentityProvider` */
export const pangolinIdentityProviderType = createIdentityProviderType()

/** `gatewright-native:pangolin:Credentials` */
export const pangolinCredentialsType = createCredentialsType()

/** `gatewright-native:pangolin:OrganizationPolicy` */
export const pangolinOrganizationPolicyType = createOrganizationPolicyType()
