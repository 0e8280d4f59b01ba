export { App } from './component.ts'
