import type { StackInput } from './config/index.ts'

/**
 * What a {@link Gateway} is made of: what a stack file says under `gatewright:`. `npm run build` writes these types out, field by
 * field with its comment and default, so that an editor shows them.
 */
export type GatewayArgs = StackInput
export type IdentityProviderArgs = StackInput['identityProviders'][string]
export type RelyingPartyArgs = NonNullable<StackInput['relyingParties']>[string]
