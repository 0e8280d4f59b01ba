export { gatewayClient, type LoginUrls } from './gateway.ts'
