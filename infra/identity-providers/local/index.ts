export { Local } from './component.ts'
