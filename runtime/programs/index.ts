export { CLI_PREFIX, holdsOwnToken, readAuthorization } from './authorization-header.ts'
export { redeemCliCode, sealCliCode } from './cli-code.ts'
export { CLI_TOKEN_LIFETIME_MS, cliAnswer, type CliRequest, cliRequestFields, parseCliRequest } from './cli-request.ts'
export { createPrograms, type Programs, type ProgramsDependencies } from './programs.ts'
