export { StackConfigError } from './config/index.ts'
export { Gateway, type GatewayArgs } from './gateway.ts'
