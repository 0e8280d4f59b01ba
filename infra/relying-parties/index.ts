export { gatewayClient } from './gateway.ts'
