export { PingOne } from './component.ts'
