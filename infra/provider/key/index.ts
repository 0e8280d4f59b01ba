export type { SecretInputs, ServiceTokenInputs, SigningInputs } from './schema.ts'
export { secretType } from './secret.ts'
export { serviceTokenType } from './service-token.ts'
export { signingType } from './signing.ts'
