export type { SecretInputs, SigningInputs } from './schema.ts'
export { secretType } from './secret.ts'
export { signingType } from './signing.ts'
