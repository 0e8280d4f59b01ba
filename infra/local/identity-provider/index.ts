export {
  identityProviderConfigSchema,
  INITIAL_ACCESS_TOKEN,
  passwordSecret,
  type IdentityProviderConfig,
} from './config.ts'
