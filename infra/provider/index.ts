export { heldByStrangers } from './local/listeners.ts'
export { listPrograms, type Program } from './local/process-table.ts'
export { stopProcess } from './local/stop.ts'
export {
  OidcClient,
  Process,
  SecretKey,
  SigningKey,
  type OidcClientArgs,
  type ProcessArgs,
  type SecretKeyArgs,
} from './resources/index.ts'
