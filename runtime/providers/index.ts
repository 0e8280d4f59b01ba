export {
  type ClientCredential,
  type ClientCredentials,
  type CredentialVerdict,
  type LogoutNotice,
  type Provider,
  type ProviderTokens,
  type RefreshOutcome,
  type SignInChecks,
  signInChecksSchema,
  type SignInResult,
  type SignInWishes,
} from './contract.ts'
export { profileText } from './attributes.ts'
export { isInDomains, normalizeEmail, personFromClaims } from './person.ts'
export { createProvider } from './provider.ts'
export { readAsOf } from './read-as.ts'
