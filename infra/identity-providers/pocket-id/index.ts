export { PocketId } from './component.ts'
