export { createClientSecretType, oktaClientSecretType } from './client-secret.ts'
export { type ClientSecretInputs, type ClientSecretState, OWN_SECRET_PREFIX } from './schema.ts'
export { oktaServiceKeyType } from './service-key.ts'
