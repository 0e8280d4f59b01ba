export { Oidc } from './component.ts'
export { type OidcRegistrar, registerDynamically } from './register-dynamically.ts'
