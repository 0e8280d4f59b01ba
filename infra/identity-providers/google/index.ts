export { Google } from './component.ts'
