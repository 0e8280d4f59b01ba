// What infra needs to start the program; the program itself begins in main.ts and is bundled, never imported.
export type { IdentityProviderConfig } from './config.ts'
export { INITIAL_ACCESS_TOKEN, passwordSecret } from './secret-names.ts'
