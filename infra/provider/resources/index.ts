export { SecretKey, SigningKey, type SecretKeyArgs } from './keys.ts'
export { OidcClient, type OidcClientArgs } from './oidc-client.ts'
export { Process, type ProcessArgs } from './process.ts'
