export { heldByStrangers } from './local/listeners.ts'
export {
  OidcClient,
  Process,
  SecretKey,
  SigningKey,
  type OidcClientArgs,
  type ProcessArgs,
  type SecretKeyArgs,
} from './resources/index.ts'
